#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/explain/graph.h"

// How the nodes of a graph stand in the grids of a stage. A node's numbers are explained where it is laid out first; elsewhere a number
// leads there.

namespace lab::explain {

/// A grid as data: "KIND[+FLAG...] ID NODE...", of a matrix "IN/ID" when the row that it reads is not called ID_in. Kinds:
///   lines       one row a node; "z>mean" has mean in the master column
///   norm, normBack  the lines of a norm of this name, and of its way back
///   heads       one row a head of the node
///   linear      x W b y: y = W x + b, a row of what is read (ID_in) and the matrix with its results
///   transposed  of a gradient that is a product of a gradient and a matrix: the same the other way round
///   matrix      the node's rows and columns; matrix node>result lead
///   keys        one column a key, one row a dim of the head: "keys v>mixed lead"
///   readers     one column a query of each head that reads the key-value head in hand; with a result one row a dim
///   queries     one row a head (and dim, where the node has them), one column a query
///   vector      the node alone, as results
///   seen        one row a query, one column a key
/// Flags: current, scales (each row its own), plain, weights, faders, marks, edit; copy: explained elsewhere. Lit columns: lit (the keys
/// that weigh most), most (the queries by which most comes), target, answer.
struct GridRow {
    const char* stage;
    const char* when;
    const char* layout;
    Say title = {};
    const char* arguments = "";
};

/// What stands in a cell: nothing without a node.
struct Place {
    const Node* node = nullptr;
    Entry entry = {};
};

/// Lays grids out in a stage.
class Layout {
public:
    /// Without a stage's numbers only where nodes are explained is noted.
    Layout(std::shared_ptr<Graph> graph, Stage& stage, Variables variables, bool numbers = true);

    /// `claims`: nodes are explained here unless they are already elsewhere; the same for those in the master column.
    void lay(const GridRow& row, bool claims = true, bool claimsResults = true);

private:
    std::string written(const std::string& layout) const;
    using Places = std::function<Place(int row, int column)>;
    struct Spec;
    Grid& cells(const Spec& spec, int rows, int columns, const Places& places);
    void claim(Node* node, const Spec& spec, std::function<std::pair<int, int>(Entry)> cell, std::string spans = {});
    void claimResult(Node* node, const Spec& spec, std::function<int(Entry)> row, std::string spans = {});
    void lines(const Spec& spec);
    void heads(const Spec& spec);
    void linear(const Spec& spec);
    void transposed(const Spec& spec);
    void matrix(const Spec& spec);
    void keys(const Spec& spec);
    void readers(const Spec& spec);
    void queries(const Spec& spec);
    void vector(const Spec& spec);
    void seen(const Spec& spec);
    Grid& results(const Spec& spec, int rows, int columns, const std::function<Place(int, int)>& cells);
    Grid& readRow(const Spec& spec, Node& node, Node& weight, bool byRows);
    void labelColumns(Grid& grid, char letter, bool always);
    std::vector<std::string> targetTokens(int count) const;
    int headOffset(const Node& node, int slot) const;
    /// The first of a matrix's rows that are shown, and how many.
    std::pair<int, int> rowsOf(const Node& weight) const;

    std::shared_ptr<Graph> m_graph;
    Stage& m_stage;
    Variables m_variables;
    bool m_numbers;
    char m_letter = ' ';  ///< of the columns of the grid above
};

}  // namespace lab::explain
