from .models import codeartifact_backends as codeartifact_backends
