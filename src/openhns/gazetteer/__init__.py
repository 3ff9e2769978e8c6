"""Countries, towns and default coordinates, from reference data shipped with the package."""
