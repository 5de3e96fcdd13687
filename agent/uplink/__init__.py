"""The one way out: from the spool's rows to the server's acknowledgement."""
