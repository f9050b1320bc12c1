"""fundsim: what public money levered to finance small firms can lose."""
