"""The engines that run the program: the real one, found or built, and one embedded in this process."""
