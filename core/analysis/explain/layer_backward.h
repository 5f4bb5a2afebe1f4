#pragma once

#include <string>
#include <vector>

#include "core/analysis/explain/backward.h"

// The parts of the way back through a layer; not for others. Of the layer in hand each part is a stage; of a later one the parts of a
// sublayer stand together.

namespace lab::explain {

/// Of the stage "d_l2_ffn" of a later layer.
std::string laterStage(const Context& c, const std::string& part);
/// The walk of another block with these in hand, as the walk in hand sees it.
ContextPtr contextOfBlock(const Context& c, const std::string& block, int query, int key);
/// A cell of the walk that has the context's block in hand, for those that have not.
CellRef inOwnWalk(const Context& ofBlock, int head, CellRef cell);

bool isFeedForward(const Context& c, int sublayer);
/// "the cross-attention"
std::string sublayerText(const Context& c, int sublayer);
std::string normTensor(const Context& c, int sublayer);
std::string outputTensor(const Context& c, int sublayer);

/// The gradient of the stream before sublayer `level` (their number: behind the last), and where it is explained.
NumberView streamGradient(const Context& c, int level);
CellRef streamGradientRef(const Context& c, int level, int column);
/// The gradient of what a sublayer gave: it goes through the sum unchanged.
CellRef outputGradientRef(const Context& c, int sublayer, int column);

/// What comes back through the feed-forward's first matrix, or the cross-attention's queries: all there is of x in pre-norm, else a part.
std::string wayName(const Context& c, const std::string& part);
/// What comes together before a sublayer, as its residual sum names it: x, in pre-norm z.
std::string meetingSymbol(const Context& c);
/// Of what a sublayer's norm gave: x', which is the next part's x; in pre-norm the x that the part reads.
std::string normedSymbol(const Context& c);
/// The norm behind a sublayer (post), or before it (pre), where `through` is what comes back to the normed row: the grid "norm".
Through addSublayerNormBackward(Stage& stage, const ContextPtr& c, int sublayer, const Through& through);
/// The stream before a sublayer, the grid "sum": what went straight on, and what comes back through the sublayer.
void addMeeting(Stage& stage, const ContextPtr& c, int sublayer, const Through& through);

/// The grid "bend", from what the second matrix read to what the first one gave.
void addBendBackward(Stage& stage, const ContextPtr& c);
/// The grids of the first matrix.
Through addUpBackward(Stage& stage, const ContextPtr& c);
/// The five stages of the feed-forward of the layer in hand.
Through addFeedForwardBackwardStages(Walk& walk, const ContextPtr& c);

/// Of an attention block that is not in hand, for one row of the residual stream: as a query, by all heads, from its output to q. `c` is
/// the layer's, `block` the block's own.
Stage queryBackStage(const ContextPtr& c, const ContextPtr& block, const std::string& id);
/// What comes back through the row's queries to what the block read; the stage of queryBackStage explains them.
std::vector<double> throughQueries(const Context& block);
Expression explainThroughQueries(const ContextPtr& block, const std::string& queryStage, int column, double result);

/// What comes back through the row's keys, or values, of every query that attended to it.
struct KeyBackSpec {
    std::string id;
    std::string symbol = "x";  ///< of what was read
    bool ofValues = false;
    int row = 0;  ///< whose key
    /// Of the gradients of score and head output: where query i of head h shows them.
    std::function<CellRef(int h, int i)> scoreFrom, weightFrom;
    std::function<CellRef(int h, int i, int p)> outputFrom;
};
Stage keyBackStage(const ContextPtr& block, const KeyBackSpec& spec, Through& through);

}  // namespace lab::explain
