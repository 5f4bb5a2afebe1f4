#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/explain/context.h"

// What a walk opens, as a graph: every quantity of the model, forward and backward, knows the quantities that it is made of and by which
// rule. So each of its numbers says itself what it comes from, and the rule also says what comes back to those quantities.

namespace lab::explain {

/// One number of a node: of which query head, in which row (a position, or a row of a matrix), in which column; 0 where a node has none.
struct Entry {
    int head = 0, row = 0, column = 0;
};

struct Node;
class Graph;

/// A node in a product. Letters name the slots of its entry, so that factors meet in the right numbers: "hip" is head h, row i, column p;
/// "m(hp)" is row m and the column of head h's dim p; "." is a slot that counts nothing.
///   h  query head (k  one that stands for all heads of its group)  g  key-value head of h  i  query  j  key  a  answering position
///   p  dim of a head  c, m  dim of the model  d  number of an embedding  f  dim of the feed-forward  y  class  w  channel of the position
///   map n  random feature  u  number of a vector  r  number of a slot  b  code  l  number that form latent keeps of a token e  expert  z
///   choice of experts  t  step of a stack whose positions halt
struct Factor {
    Node* node = nullptr;
    std::string letters;
};

/// Factors multiplied, and added up over all letters that the result has not.
struct Product {
    std::vector<Factor> factors;
    bool minus = false;
};

/// Where the walk explains a node's numbers.
struct Shown {
    std::string stage = {}, grid = {};
    std::function<std::pair<int, int>(Entry)> cell = {};  ///< row and column of the grid
    std::string spans = {};                               ///< letters that the grid shows all of
};

/// Where a number goes that the hand sets in a node: into a tensor that is made of it.
struct ByHand {
    std::string tensor = {};
    std::function<std::int64_t(Entry)> place = {};
    std::function<double(Entry, double)> stored = {};
    double reach = 0.0;  ///< of the faders
};

/// A tensor of the model, a part of one, or its gradient.
struct Node {
    /// "q#rc" is q with the row and column as index, "o^h#rc" with the head above; "φ(q#rc)".
    Words symbol = {};
    std::string letters = {};  ///< of its own entries
    std::vector<Product> products = {};
    /// What is done with the products; `given` with one factor: the same number under a name of its own.
    Operation operation = Operation::sum;
    double epsilon = 0.0;
    Words label = {};                                    ///< of a row of them, when it is not the symbol
    std::string tensor = {};                             ///< of the trace
    std::function<double(Entry)> read = {};              ///< empty: computed
    std::function<std::vector<Term>(Entry)> terms = {};  ///< instead of products
    std::function<Words(Entry)> name = {};               ///< instead of the symbol with its indices
    std::function<Words(Entry)> why = {};                ///< not empty: the number is not computed, and why
    std::function<Words(Entry)> note = {};               ///< where a number without products comes from, or what an alias is
    std::function<CellRef(Entry)> elsewhere = {};        ///< the cell of another walk that explains it
    std::function<CellRef(Entry, CellRef)> moved = {};   ///< where that cell is in the walk of another row
    std::function<bool(Entry)> absent = {};              ///< there is no such number, and it takes no part in sums
    std::function<bool(Entry)> nowhere = {};             ///< no walk shows this number
    std::function<std::int64_t(Entry)> place = {};       ///< of a number in its tensor
    ByHand byHand = {};                                  ///< instead of its own tensor
    Shown shown = {};                                    ///< where it is laid out first
    bool inFull = false;                                 ///< explained in full wherever it is laid out, not there alone
    bool kept = false;                                   ///< computed rows are kept
    std::string summed = {};                             ///< of a gradient that is one step’s part: the sum in the trace
    bool parameter = false;
    ParameterView raw = {};    ///< a parameter's numbers
    bool elementwise = false;  ///< a sum of products of the same entry of all factors
    bool away = false;         ///< the walk that shows it is another block's
    const Graph* graph = nullptr;

    double value(Entry e) const;
    Words nameOf(Entry e, bool withRow = false) const;
    CellRef cell(Entry e) const;
    Operand operator()(Entry e, bool withRow = false) const { return {value(e), nameOf(e, withRow), cell(e)}; }
    Expression explain(Entry e) const;
    bool isAlias() const { return operation == Operation::given && products.size() == 1; }
    CellRef cellOfSame(Entry e) const;
    CellRef cellOfReading(Entry e, CellRef cell) const;
    /// The entry of the head, query, key and answer in hand, column 0.
    Entry inHand() const;
};

/// Words of a table: a sentence, or symbols with $variables.
struct Say {
    constexpr Say() = default;
    constexpr Say(const char* text) : symbols(text) {}  // NOLINT(google-explicit-constructor)
    constexpr Say(SourceText text) : words(text) {}     // NOLINT(google-explicit-constructor)
    Words with(const Variables& variables, std::string_view arguments = {}) const;
    bool empty() const { return words.empty() && *symbols == '\0'; }

    SourceText words = {};
    const char* symbols = "";
};

/// A node as data, for forms with these traits. The rule is "name letters [tensor] [= [operation] products]": "y im $B.output = joined W_O
/// + b_O". Factors are nodes, with letters of their own after a colon; those that are not there make no product. "back y dy x" is what
/// comes back through y to x from the gradient dy (nothing through what is set by hand), "same x" another name of x, and "a := b" the same
/// node. After the letters ! keeps computed rows, * explains in full everywhere; "tensor+" skips what stands before (swiglu's gate).
/// Tensors may be parameters.
struct NodeRow {
    const char* when;
    Say symbol;
    const char* rule;
    Say label = {};
};

class Graph {
public:
    explicit Graph(ContextPtr context);
    Graph(const Graph&) = delete;
    Graph& operator=(const Graph&) = delete;

    /// Nodes are explained in this block's own walk; the walk in hand is another's.
    void setAway(bool away) { m_away = away; }
    void define(std::span<const NodeRow> rows, const Variables& more = {});
    Node& add(const std::string& name, Node node);
    /// Nodes of another graph under the same names, those that begin with a prefix; it has to live as long.
    void adopt(const Graph& other, std::string_view prefix);
    void adopt(const std::string& name, Node& node) { m_names[name] = &node; }
    /// Null when this form has none.
    Node* find(std::string_view name) const;
    Node& at(std::string_view name) const;

    const Context& context() const { return *m_context; }
    /// How many values a letter takes; 1 where it counts nothing.
    int extent(char letter) const { return letter == '.' ? 1 : m_extents[static_cast<std::size_t>(letter - 'a')]; }
    int columns(const Node& node) const { return count(node, 2); }
    int rows(const Node& node) const { return count(node, 1); }
    Entry inHand(const Node& node) const;
    /// The entry that a factor with these letters has where the node has entry e.
    Entry translated(const Node& node, Entry e, const std::string& letters) const;

    // For nodes.
    double compute(const Node& node, Entry e) const;
    double kept(const Node& node, Entry e) const;
    std::vector<Term> terms(const Node& node, Entry e) const;

private:
    struct Index;
    void defineOne(const NodeRow& row, const Variables& variables);
    void parse(Node& node, const std::string& rule);
    Node traced(Node node, const std::string& tensor) const;
    Node parameter(Node node, const ParameterView& view) const;
    std::vector<Product> through(Node& node, Node& gradient, const Node& of);
    int count(const Node& node, int ofSlot) const;
    int valueOf(char letter, const Index& index) const;
    Entry entryOf(std::string_view letters, const Index& index) const;
    void assign(std::string_view letters, Entry e, Index& index) const;
    std::pair<int, int> range(char letter, const Index& index) const;
    std::string open(const Product& product, const Index& index) const;
    template <class Act>
    void eachTerm(const Product& product, Index& index, std::string_view open, const Act& act) const;
    std::vector<double> rowOf(const Node& node, Entry e) const;
    void addRow(const Product& product, Index& index, char column, std::vector<double>& row) const;
    std::vector<Product> written(const Product& product) const;
    Operand operand(const Factor& factor, Entry e, const std::string& summed) const;

    ContextPtr m_context;
    bool m_away = false;
    std::array<int, 26> m_extents{};
    std::deque<Node> m_nodes;
    std::map<std::string, Node*, std::less<>> m_names;
    mutable std::mutex m_mutex;
    mutable std::map<std::pair<const Node*, std::pair<int, int>>, std::vector<double>> m_kept;
};
using GraphPtr = std::shared_ptr<const Graph>;

}  // namespace lab::explain
