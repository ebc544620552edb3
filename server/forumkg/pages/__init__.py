"""The pages: what the families share is here, one folder holds each family."""
