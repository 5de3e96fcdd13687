"""From a device's frame to one durable event, exactly once."""
