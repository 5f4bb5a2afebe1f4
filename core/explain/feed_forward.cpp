// The feed-forward part of a layer, forward and back.

#include "core/explain/quantities.h"

namespace lab::explain {
namespace {

constexpr NodeRow feedForwardRows[] = {
    {"", "x#c", "ff.x ic = same $of"},
    {"gated", "W_{gate}#rc", "W_gate fc $L.feed_forward.gate.weight"},
    {"gated", "b#c", "b_gate f $L.feed_forward.gate.bias"},
    {"gated", "u_{g}#c", "gate if $L.feed_forward.up = ff.x W_gate + b_gate"},
    {"", "W_{up}#rc", "W_up fc $L.feed_forward.up.weight"},
    {"", "b#c", "b_up f $L.feed_forward.up.bias"},
    {"gated", "u#c", "up if $L.feed_forward.up+ = ff.x W_up + b_up"},
    {"!gated", "u#c", "up if $L.feed_forward.up = ff.x W_up + b_up"},
    {"gated", "u_{g}#c", "gateRead if = same gate"},
    {"", "u#c", "upRead if = same up"},
    {"relu", "f#c", "hidden if $L.feed_forward.hidden = relu upRead"},
    {"gelu", "f#c", "hidden if $L.feed_forward.hidden = gelu upRead"},
    {"tanh", "f#c", "hidden if $L.feed_forward.hidden = tanh upRead"},
    {"gated", "f#c", "hidden if $L.feed_forward.hidden = swiglu gateRead ; upRead"},
    {"", "W_{down}#rc", "W_down mf $L.feed_forward.down.weight"},
    {"", "b#c", "b_down m $L.feed_forward.down.bias"},
    {"", "y#c", "down im $L.feed_forward.output = hidden W_down + b_down"},
};

constexpr NodeRow feedForwardBackRows[] = {
    {"", "\u2202y#c", "dyDown im = same $of:im"},
    {"", "\u2202f#c", "df if gradient.$L.feed_forward.hidden = back down dyDown hidden"},
    {"", "\u2202W_{down}#rc", "dW_down mf gradient.$L.feed_forward.down.weight = back down dyDown W_down"},
    {"", "\u2202b#c", "db_down m gradient.$L.feed_forward.down.bias = back down dyDown b_down"},
    {"", "\u2202f#c", "dfIn if = same df"},
    {"gated", "u_{g}#c", "gateBack if = same gateRead"},
    {"", "u#c", "upBack if = same upRead"},
    {"relu", "f\u2032(u#c)", "bend if = reluSlope upBack"},
    {"gelu", "f\u2032(u#c)", "bend if = geluSlope upBack"},
    {"tanh", "f\u2032(u#c)", "bend if = tanhSlope upBack"},
    {"gated", "silu(u_{g}#c)", "gateBent if = silu gateBack"},
    {"gated", "silu\u2032(u_{g}#c)", "bend if = siluSlope gateBack"},
    {"!gated", "\u2202u#c", "du if gradient.$L.feed_forward.up = dfIn bend"},
    {"gated", "\u2202u#c", "du if gradient.$L.feed_forward.up+ = dfIn gateBent"},
    {"gated", "\u2202u_{g}#c", "dg if gradient.$L.feed_forward.up = dfIn upBack bend"},
    {"", "\u2202u#c", "duIn if = same du"},
    {"gated", "\u2202u_{g}#c", "dgIn if = same dg"},
    {"!gated pre", "\u2202x#c", "viaUp ic gradient.$L.feed_forward_norm = back up duIn ff.x"},
    {"!gated post", LAB_TEXT("explain", "via u"), "viaUp ic! = back up duIn ff.x"},
    {"gated", LAB_TEXT("explain", "via u_{g}"), "viaGate ic! = back gate dgIn ff.x"},
    {"gated", LAB_TEXT("explain", "via u"), "viaUp ic! = back up duIn ff.x"},
    {"gated pre", "\u2202x#c", "viaFeedForward ic gradient.$L.feed_forward_norm = viaGate + viaUp"},
    {"gated post", LAB_TEXT("explain", "together"), "viaFeedForward ic! = viaGate + viaUp"},
    {"!gated", "", "viaFeedForward := viaUp"},
    {"gated", "\u2202W_{gate}#rc", "dW_gate fc gradient.$L.feed_forward.gate.weight = back gate dg W_gate"},
    {"gated", "\u2202b#c", "db_gate f gradient.$L.feed_forward.gate.bias = back gate dg b_gate"},
    {"", "\u2202W_{up}#rc", "dW_up fc gradient.$L.feed_forward.up.weight = back up du W_up"},
    {"", "\u2202b#c", "db_up f gradient.$L.feed_forward.up.bias = back up du b_up"},
};

}  // namespace

void addFeedForward(Graph& g, const std::string& of) {
    g.define(feedForwardRows, {{"of", of}});
}

void addFeedForwardBack(Graph& g, const std::string& of) {
    g.define(feedForwardBackRows, {{"of", of}});
}

}  // namespace lab::explain
