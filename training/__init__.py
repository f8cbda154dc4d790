"""Makes the models that the pipeline ships; nothing here runs at night."""
