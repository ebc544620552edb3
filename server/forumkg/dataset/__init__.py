"""The files of the dataset, its build, its versions on disk, its description and its exports."""
