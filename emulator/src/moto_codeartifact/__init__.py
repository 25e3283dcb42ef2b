from .models import codeartifact_backends  # noqa: F401
