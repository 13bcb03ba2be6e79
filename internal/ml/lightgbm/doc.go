// Package lightgbm imports models of LightGBM, as its save_model writes them (text), into ml/graph.
//
// file.go reads the lines, tree.go makes the ensemble of the trees and the features they look at, category.go what a data
// frame's categories become, objective.go the prediction.
//
// Features are double precision, as in LightGBM, whose thresholds are: real columns are accepted as what they are, and where
// all of a call's are real, graph.TreeEnsemble.Narrow saves the conversion. Sums are of double precision too; LightGBM adds tree
// after tree, here the values are added exactly or nearly so, and sums differ by that rounding.
//
// Every error says what is wrong and in which line. A file that breaks the format is an InvalidParameterValue; what is valid but
// lacks an import is FeatureNotSupported.
package lightgbm
