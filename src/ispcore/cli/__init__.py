"""The command line `ispcore`: the only home of Click and Rich."""
