"""The engagement plan of a consultation: one page, made by answering questions, that checks itself."""
