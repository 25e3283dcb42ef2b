"""What all tests share: how hypothesis looks for examples."""

from hypothesis import settings

settings.register_profile("here", deadline=None, print_blob=True)  # other processes share the machine
settings.load_profile("here")
