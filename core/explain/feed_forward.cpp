// The feed-forward part of a layer, forward and back: the layer's own, or that of one of several experts.

#include "core/explain/quantities.h"

namespace lab::explain {
namespace {

constexpr NodeRow inputRows[] = {{"", "x#c", "ff.x ic = same $of"}};

/// $nth tells the experts of a row apart.
constexpr NodeRow feedForwardRows[] = {
    {"gated", "W_{gate}$ofExpert#rc", "W_gate$nth fc $feedForward.gate.weight"},
    {"gated", "b#c", "b_gate$nth f $feedForward.gate.bias"},
    {"gated", "u_{g}$ofExpert#c", "gate$nth if $feedForward.up = ff.x W_gate$nth + b_gate$nth"},
    {"", "W_{up}$ofExpert#rc", "W_up$nth fc $feedForward.up.weight"},
    {"", "b#c", "b_up$nth f $feedForward.up.bias"},
    {"gated", "u$ofExpert#c", "up$nth if $feedForward.up+ = ff.x W_up$nth + b_up$nth"},
    {"!gated", "u$ofExpert#c", "up$nth if $feedForward.up = ff.x W_up$nth + b_up$nth"},
    {"gated", "u_{g}$ofExpert#c", "gateRead$nth if = same gate$nth"},
    {"", "u$ofExpert#c", "upRead$nth if = same up$nth"},
    {"relu", "f$ofExpert#c", "hidden$nth if $feedForward.hidden = relu upRead$nth"},
    {"gelu", "f$ofExpert#c", "hidden$nth if $feedForward.hidden = gelu upRead$nth"},
    {"tanh", "f$ofExpert#c", "hidden$nth if $feedForward.hidden = tanh upRead$nth"},
    {"quick", "f$ofExpert#c", "hidden$nth if $feedForward.hidden = quick upRead$nth"},
    {"squared", "f$ofExpert#c", "hidden$nth if $feedForward.hidden = squared upRead$nth"},
    {"gated", "f$ofExpert#c", "hidden$nth if $feedForward.hidden = swiglu gateRead$nth ; upRead$nth"},
    {"", "W_{down}$ofExpert#rc", "W_down$nth mf $feedForward.down.weight"},
    {"", "b#c", "b_down$nth m $feedForward.down.bias"},
    {"", "y$ofExpert#c", "down$nth im $feedForward.output = hidden$nth W_down$nth + b_down$nth"},
};

constexpr NodeRow feedForwardBackRows[] = {
    {"!experts", "\u2202y#c", "dyDown im = same $of:im"},
    {"experts", "\u2202y$ofExpert#c", "dyDown$nth im gradient.$feedForward.output = dySum share$nth"},
    {"", "\u2202f$ofExpert#c", "df$nth if gradient.$feedForward.hidden = back down$nth dyDown$nth hidden$nth"},
    {"", "\u2202W_{down}$step#rc", "dW_down$nth mf gradient.$feedForward.down.weight = back down$nth dyDown$nth W_down$nth"},
    {"", "\u2202b$step#c", "db_down$nth m gradient.$feedForward.down.bias = back down$nth dyDown$nth b_down$nth"},
    {"", "\u2202f$ofExpert#c", "dfIn$nth if = same df$nth"},
    {"gated", "u_{g}$ofExpert#c", "gateBack$nth if = same gateRead$nth"},
    {"", "u$ofExpert#c", "upBack$nth if = same upRead$nth"},
    {"relu", "f\u2032(u$ofExpert#c)", "bend$nth if = reluSlope upBack$nth"},
    {"gelu", "f\u2032(u$ofExpert#c)", "bend$nth if = geluSlope upBack$nth"},
    {"tanh", "f\u2032(u$ofExpert#c)", "bend$nth if = tanhSlope upBack$nth"},
    {"quick", "f\u2032(u$ofExpert#c)", "bend$nth if = quickSlope upBack$nth"},
    {"squared", "f\u2032(u$ofExpert#c)", "bend$nth if = squaredSlope upBack$nth"},
    {"gated", "silu(u_{g}$ofExpert#c)", "gateBent$nth if = silu gateBack$nth"},
    {"gated", "silu\u2032(u_{g}$ofExpert#c)", "bend$nth if = siluSlope gateBack$nth"},
    {"!gated", "\u2202u$ofExpert#c", "du$nth if gradient.$feedForward.up = dfIn$nth bend$nth"},
    {"gated", "\u2202u$ofExpert#c", "du$nth if gradient.$feedForward.up+ = dfIn$nth gateBent$nth"},
    {"gated", "\u2202u_{g}$ofExpert#c", "dg$nth if gradient.$feedForward.up = dfIn$nth upBack$nth bend$nth"},
    {"", "\u2202u$ofExpert#c", "duIn$nth if = same du$nth"},
    {"gated", "\u2202u_{g}$ofExpert#c", "dgIn$nth if = same dg$nth"},
    {"!gated pre !experts", "\u2202x#c", "viaUp ic gradient.$L.feed_forward_norm = back up duIn ff.x"},
    {"!gated post !experts", LAB_TEXT("explain", "via u"), "viaUp ic! = back up duIn ff.x"},
    {"!gated experts", "", "viaUp$nth ic! = back up$nth duIn$nth ff.x"},
    {"gated", LAB_TEXT("explain", "via u_{g}"), "viaGate$nth ic! = back gate$nth dgIn$nth ff.x"},
    {"gated", LAB_TEXT("explain", "via u"), "viaUp$nth ic! = back up$nth duIn$nth ff.x"},
    {"gated pre !experts", "\u2202x#c", "viaFeedForward ic gradient.$L.feed_forward_norm = viaGate + viaUp"},
    {"gated post !experts", LAB_TEXT("explain", "together"), "viaFeedForward ic! = viaGate + viaUp"},
    {"gated experts", "", "viaFeedForward$nth ic! = viaGate$nth + viaUp$nth"},
    {"!gated", "", "viaFeedForward$nth := viaUp$nth"},
    {"gated", "\u2202W_{gate}$step#rc", "dW_gate$nth fc gradient.$feedForward.gate.weight = back gate$nth dg$nth W_gate$nth"},
    {"gated", "\u2202b$step#c", "db_gate$nth f gradient.$feedForward.gate.bias = back gate$nth dg$nth b_gate$nth"},
    {"", "\u2202W_{up}$step#rc", "dW_up$nth fc gradient.$feedForward.up.weight = back up$nth du$nth W_up$nth"},
    {"", "\u2202b$step#c", "db_up$nth f gradient.$feedForward.up.bias = back up$nth du$nth b_up$nth"},
};

}  // namespace

void addFeedForward(Graph& g, const std::string& of) {
    if (g.context().is("experts")) return addExperts(g, of);
    g.define(inputRows, {{"of", of}});
    g.define(feedForwardRows);
}

void addFeedForwardBack(Graph& g, const std::string& of) {
    if (g.context().is("experts")) return addExpertsBack(g, of);
    g.define(feedForwardBackRows, {{"of", of}});
}

void addExpert(Graph& g, const Variables& of) {
    g.define(feedForwardRows, of);
}

void addExpertBack(Graph& g, const Variables& of) {
    g.define(feedForwardBackRows, of);
}

}  // namespace lab::explain
