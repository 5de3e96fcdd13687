"""The bench and the shipped classifier. The agent reads only models/shipped; nobody imports training."""
