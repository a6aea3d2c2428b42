"""The page Lesson: nine steps, from two unrelated spaces to the mapping's failures, for one school period."""
