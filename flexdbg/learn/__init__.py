"""Lessons: texts, questions and exercises that the simulator checks. No terminal in here."""
