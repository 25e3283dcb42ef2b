"""EventBridge Scheduler for your laptop: a clock that you can move, and a thread that fires the schedules."""
