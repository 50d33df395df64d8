"""New data in, a folder or a workbook; what they change, and once accepted the new data, out."""
