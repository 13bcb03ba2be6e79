// Package xgboost imports models of XGBoost, as its save_model writes them (JSON or UBJSON), into ml/graph.
//
// Both formats hold the same document. json.go and ubjson.go read it value by value (source.go), in memory bounded by the
// file's size: model.go takes from it what a prediction needs, and what of it is not needed is passed over. tree.go and
// linear.go make the graph of the boosters, category.go the features they look at, objective.go what comes before and after.
//
// A prediction is that of Booster.predict with all the trees. XGBoost adds the values of leaves in float32, tree after tree;
// here they are added exactly or nearly so, and sums differ by that rounding.
//
// Every error says what is wrong and where in the document. A file that breaks the format is an InvalidParameterValue; what is
// valid but lacks an import is FeatureNotSupported.
package xgboost
