"""`make demo`: publishes sample packages to the local AWS and shows what the pipeline does with them."""
