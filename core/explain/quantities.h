#pragma once

#include <memory>
#include <string>

#include "core/explain/graph.h"
#include "core/layers/position/rope.h"

// The quantities of a model as nodes of a graph; not for others than the explainer's own files.

namespace lab::explain {

enum class Part { attention, cross, feedForward };
Part partOf(const Context& c, int sublayer);
Words partName(const Context& c, int sublayer);

/// RoPE of the context's model: which dims turn together, and how far.
class Rotation {
public:
    explicit Rotation(const Context& c);

    int pair(int p) const { return m_interleaved ? p / 2 : p % m_half; }
    bool first(int p) const { return m_interleaved ? p % 2 == 0 : p < m_half; }
    int partner(int p) const { return m_interleaved ? p ^ 1 : first(p) ? p + m_half : p - m_half; }
    double theta(int p) const { return m_frequencies.theta[static_cast<std::size_t>(pair(p))]; }
    double attentionFactor() const { return m_frequencies.scale; }
    /// "cos", and "κ cos" where the attention factor is not 1.
    std::string factored(const std::string& wave) const;
    /// Both with the attention factor.
    double cosine(int position, int p) const;
    double sine(int position, int p) const;

private:
    RopeFrequencies m_frequencies;
    int m_half;
    bool m_interleaved;
};

/// "comes back as 0", of what is set by hand.
Words nothingBack();

// norms.cpp
/// A norm of $of under the name $norm: rows named by $row and $col, the result called $symbol.
void addNorm(Graph& g, const Variables& v, bool rms, double epsilon);
/// One of the residual stream's rows.
void addNorm(Graph& g, const std::string& name, const std::string& of, const std::string& symbol, const std::string& tensor);
/// Through norm $norm, from $of to "$back.result".
void addNormBack(Graph& g, const Variables& more);
/// Each head's query and key by its root mean square, "qn.result" and "kn.result", and back from "dq1" and "dk1" to "dq0" and "dk0".
void addHeadNorms(Graph& g);
void addHeadNormBack(Graph& g, const std::string& of, const char* row);
/// Through the norm behind the last layer, to "finalBack.result".
void addFinalBack(Graph& g, const std::string& of);
/// Through the norm behind a part (post), or before it (pre), where `of` came back through the part.
void addPartNormBack(Graph& g, int part, const std::string& of);

// rotation.cpp
void addRotation(Graph& g);
/// Node `name` becomes `from` as it was before RoPE turned tensor `of` of the block; 0 where that is set by hand.
void turnBack(Graph& g, const char* name, Node& from, const char* of);
/// The node of what a query sends to the key in hand, `sent`, becomes what reaches the key's projection: turned back, and through its norm.
void shapeBack(const Graph& g, Node& node, const char* sent);

// attention.cpp, attention_back.cpp
/// An attention block, from the rows that it reads to its output, and the rest of its layer, forward.
void addForward(Graph& g);
/// From the attention's output, "dOut", to its queries, and what its readers send back to the key in hand.
void addAttentionBack(Graph& g);
void addReadersBack(Graph& g);
/// What comes back to a row through its query, "viaQ", and as a key through k and v, "viaK" and "viaV".
void addQueryWay(Graph& g);
void addKeyWays(Graph& g);

// latent.cpp
/// Form latent: what is kept of a token, and keys and values as linear maps of the rows all the same.
void addLatent(Graph& g);
/// Whether this channel of a head is one of the `shared` that turn and that all heads share.
bool isSharedChannel(const Context& c, int channel, int shared);

// attention_scores.cpp: what may stand between scores, weights and the heads' outputs; nothing where the form has none of it.
void addDistanceBias(Graph& g);
/// From "score" to "bentScore", which a span reads; and a sink's score.
void addCap(Graph& g);
/// Between a row's maximum and its sum.
void addSinkShare(Graph& g);
void addSinkTerms(Graph& g);
/// attention_decay.cpp: what is left of a key where weights fade, "decay", and from a head's sum to its output, "mixed"; "mix" is what the
/// weights and values add up to, "dMix" what comes back to it.
void addDecay(Graph& g);
void addHeadNorm(Graph& g);
void addHeadNormBackOfSum(Graph& g, const Variables& names);
void addDecayBack(Graph& g, const Variables& names);
/// From a learned decay to what it was read off the rows by, "dKeptLogit".
void addKeptBack(Graph& g);

/// attention_features.cpp: from q and k to their random features, "phiQ" and "phiK"; from their products to scores; the weights of the
/// softmax that they stand for; and from "dPhiQ" to "dq" (rows "hi"), from "dPhiK" to "dk" (rows "kj").
void addDrawnFeatures(Graph& g);
void addRise(Graph& g);
void addExactWeights(Graph& g);
void addDrawnBack(Graph& g, bool ofQueries, const char* row, const Words& head);

/// From "joined" to "opened".
void addGate(Graph& g);
/// From "dy" to "do", where a gate stands between; from "dsBent" to "dsIn".
void addGateBack(Graph& g, const Variables& names);
void addCapBack(Graph& g, const Variables& names);

// attention_reach.cpp: what counts how far keys lie back; nothing where the form has none of it.
/// What vectors of distances add to the scores: "content" and "placed", times "overRoot".
void addRelative(Graph& g);
/// "dPlace": what comes back to these two, with that factor.
void addRelativeBack(Graph& g);
/// From "bentScore" to "finalScore", which the mask reads; from "ds" to "dsBent".
void addSpan(Graph& g);
void addSpanBack(Graph& g, const Variables& names);
/// A part [key, query, ..] of what queries send to keys: nothing from those that read the key as memory.
void cutMemory(Graph& g, Node& part);

// feed_forward.cpp
/// From the row that it reads to "down", and from what it gave back to "viaFeedForward".
void addFeedForward(Graph& g, const std::string& of);
void addFeedForwardBack(Graph& g, const std::string& of);
/// Of one of the row's experts, whose variables these are; its nodes have its number among them behind their names: "up0", "down0".
void addExpert(Graph& g, const Variables& of);
void addExpertBack(Graph& g, const Variables& of);

// experts.cpp: with several experts in the feed-forward's place.
void addExperts(Graph& g, const std::string& of);
void addExpertsBack(Graph& g, const std::string& of);
/// Of the nth expert of the row in hand: in the tables' rules and words, and behind the names of its stages.
Variables variablesOfExpert(const Context& c, int nth);
std::string suffixOfExpert(int nth);

// halting.cpp: of a stack whose positions halt.
/// The row as a step leaves it that had halted before: as it came. Gives the node's name.
std::string addLeftAsItCame(Graph& g);
/// From the states, of which those behind the layers in hand and later are "level0" and on, to their mean, "mean".
void addHalting(Graph& g);
/// From the gradient of that to the numbers of the halting unit, and to the state behind a step; fromStep: what came through the step that
/// follows, null: none does. Gives the node's name.
void addHaltingBack(Graph& g, const std::string& of);
std::string addStateBack(Graph& g, int step, Node* fromStep);
std::function<double(Entry)> meanOfStates(const Context& c, const std::string& side, int steps);
/// The rows that an encoder ends with, "memory".
void addEncoderRows(Graph& g);

// stream.cpp
/// The stream before the block, which an earlier block's walk explains; in layer 0 an embedding.
void addStream(Graph& g);
/// From the block's output to the layer's end, "end".
void addLayer(Graph& g);
/// From the stream behind a part to what the part gave: through its norm where that stands behind it. Gives the node's name.
std::string addPartBack(Graph& g, int part, const std::string& after);
/// The ways straight on and through a part, where the stream goes into it. Gives the node's name.
std::string addMeeting(Graph& g, int part, const std::string& out, std::string through);

/// The cell of the encoder's last walk that explains a number of its end.
std::function<CellRef(Entry)> encoderCell(const Context& c);

// slots.cpp
/// Of a bottleneck's reading: the slots' queries, and the rows that they read.
void addReading(Graph& g);
/// From what a slot has read to its code and to what the decoder gets of it, "slotMemory".
void addCodes(Graph& g);
/// From the gradient of that, "dMemory", to the gradient of what a slot has read, "dRead".
void addCodesBack(Graph& g);

// answer.cpp
/// From the layer's end to the loss, and from the loss back to what the output head read, "dHead".
void addAnswer(Graph& g);
void addAnswerBack(Graph& g);

}  // namespace lab::explain
