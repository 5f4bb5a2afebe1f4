#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/explain/walk.h"

// What a question is about, and how names and expressions are written; not for others than the explainer's own files.

namespace lab::explain {

/// A parameter as a matrix [rows, columns] or a vector; empty when the model has none of that name.
struct ParameterView {
    const float* values = nullptr;
    int rows = 0;
    int columns = 1;

    explicit operator bool() const { return values != nullptr; }
    double operator()(int row, int column = 0) const {
        return static_cast<double>(values[static_cast<std::ptrdiff_t>(row) * columns + column]);
    }
};

/// What $name stands for in the symbols and rules of the tables.
using Variables = std::map<std::string, Words, std::less<>>;

/// The block, head, query and key in hand, and what is special about them.
struct Context {
    std::shared_ptr<const Model> model;  ///< null: numbers without a model
    std::shared_ptr<const Weights> weights;
    NumberSource numbers;
    Question question;

    AttentionBlock block;
    int head = 0, query = 0, key = 0;
    int answer = 0;  ///< the position that answers: the query, or of an encoder's query in an encoder-decoder the nearest
    int headDim = 0, d = 0, queries = 0, keys = 0;
    int globals = 0;                     ///< first queries that have projections of their own
    double slope = 0.0;                  ///< ALiBi
    std::string layer;                   ///< "encoder.0"
    std::string queryInput, keyInput;    ///< tensors whose rows q, and k and v, are made of
    std::vector<std::string> sublayers;  ///< of the layer: "attention", "cross_attention", "feed_forward"
    int sublayer = 0;                    ///< which of them is the block
    std::vector<int> experts;            ///< of the layer, that the row in hand goes through: each once, the first choice first
    std::set<std::string, std::less<>> traits;
    Variables variables;

    const ModelConfig& config() const { return model->config(); }
    /// All of these traits, "rope !linear"; those with ! it has not.
    bool is(std::string_view traits) const;
    /// The block is the attention by which a bottleneck's slots read the encoder (contextOfReading).
    bool reads() const;
    /// The token of a slot's reading that a walk with this head opens: the one that the slot looks at most.
    int tokenReadBy(int ofHead, int slot) const;
    /// Global projections: the queries that ask and read by the same matrices as the query in hand.
    bool asksAlike(int i) const { return (i < globals) == (query < globals); }
    int group() const { return block.heads / block.kvHeads; }  ///< heads that share a key-value head
    int targetAt(int position) const;                          ///< -1: none
    double goal(int position, int output) const;               ///< of a model that answers numbers, at a position that is asked
    /// Of a token, by those before it that end one.
    int segmentOf(int row) const;
    int layersOfSide() const;
    /// The last layer that reads the keys and values that the block does.
    int lastReader() const;
    /// Of the layer's experts: the choices of a row, and how many rows it chose for.
    std::vector<int> expertsOf(int row) const;
    /// After how many steps a row of a stack whose positions halt did so.
    int stepsOf(int row) const;
    int expertRows() const;
    /// Its place among the model's attention blocks, as a CellRef names it.
    int blockOf(const std::string& blockName) const;
    std::string name(const std::string& suffix) const { return block.name + suffix; }
    /// Of sublayer `of`: "encoder.0.feed_forward" + suffix.
    std::string part(int of, const std::string& suffix) const { return layer + "." + sublayers[static_cast<std::size_t>(of)] + suffix; }
    ParameterView parameter(const std::string& parameterName) const;
    /// The trace's tensor of a parameter's gradient that is a sum over the steps which read it; empty: no such gradient.
    std::string sumOfSteps(const std::string& gradient) const;
    /// Of a parameter under the name that this block has for it.
    std::string gradientOf(const std::string& parameterName) const;
    /// Replaced by an intervention, or a head of the block changed by one.
    bool setByHand(const std::string& tensorName) const;
    bool headIs(Intervention::Kind kind, int ofHead) const;
    /// What the weights and values add up to, or what is made of it.
    bool sumSetByHand() const { return setByHand(name(".head_output")) || setByHand(name(".unnormalised_head_output")); }
    bool masked(int ofHead, int i, int j) const;
    /// Of these, whether the mask hides it, whatever a head's span leaves of it.
    bool maskHides(int ofHead, int i, int j) const;
    /// Whether the mask of tokens hides some of its keys: it is for the encoder's tokens, of a decoder alone for its own.
    bool hasPadding() const;
    bool isPadding(int j) const;
    /// The keys with the largest weights; the first of them.
    std::vector<int> litKeys() const;
    int mostWeighty() const;
    /// Those that share the largest weight of the row, where several do.
    std::vector<int> tiedKeys() const;
};
using ContextPtr = std::shared_ptr<const Context>;

/// Each once, where it stands first.
std::vector<int> distinct(const std::vector<int>& numbers);

/// Everything set for a question about a model. Asserts that the question lies inside.
std::shared_ptr<Context> contextOf(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, const NumberSource& numbers,
                                   const Question& question);
/// The same question about another block of the model, with these in hand and one more trait.
ContextPtr contextOfBlock(const Context& c, const std::string& block, int query, int key, const char* trait);
/// The same question about the same block of another layer; its experts are those in hand.
ContextPtr contextOfLayer(const Context& c, int layer);
/// A bottleneck's reading, which is none of the model's attention blocks: a slot asks, the encoder's rows are its keys. The walks of
/// decoder's cross-attentions open it, whose key the slot is. token -1: the one that the slot looks at most with the head in hand.
ContextPtr contextOfReading(const Context& c, int slot, int token, const char* traits);
/// The rows that the encoder ends with are means of states, of which there is no tensor.
bool endsInMean(const ModelConfig& config);
/// Tensor of the rows that the encoder ends with.
std::string encoderEnd(const ModelConfig& config);
/// Traits and variables that follow from the rest.
void describe(Context& c);
/// Those of where the stream begins, and of what is read off its end.
void describeEnds(Context& c);
void setEndVariables(Context& c);

/// $name and ${name} by their variables.
Words filled(std::string_view symbols, const Variables& variables);
std::string text(int number);
/// "q_{5,2}"; an index joins the subscript that a symbol ends with: "W_{O 3,1}".
std::string named(const std::string& symbol, const std::string& index);

Term product(Operand a, Operand b);
Term single(Operand a);
Expression sumOf(Words name, std::vector<Term> terms, double result);
/// A number that another cell explains.
Expression sameAs(Words name, Operand origin, Words note = {});
Expression given(Words name, double value, Words note);

}  // namespace lab::explain
