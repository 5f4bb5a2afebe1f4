#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/explain/walk.h"

// The whole transformer as a picture's parts: what there is, what there could be, and where each part is explained.

namespace lab::explain {

/// A box of the picture.
struct OverviewPart {
    std::string id;           ///< "encoder.0.attention.rotate"
    Words name, detail = {};  ///< "RoPE", "on q and k"
    Words meaning = {};       ///< one sentence
    bool there = true;        ///< this model has it
    std::string key = {};     ///< of the settings, that switches it
    int block = -1;           ///< of the model's attention blocks, whose walk explains it; -1: none does
    std::string stage = {};
    std::vector<std::string> covers = {};  ///< stages of the walk in hand that happen here

    bool leads() const { return there && block >= 0; }
};

/// A line of boxes, from the stream and back to it.
struct OverviewRow {
    enum class Kind {
        input,  ///< from the tokens to the stream
        part,   ///< branches off the stream and is added to it
        layer,  ///< a whole layer, in a line
        end,    ///< on the stream, to the loss
    };
    Kind kind = Kind::part;
    std::string id;
    Words name;
    bool there = true;
    std::vector<OverviewPart> parts = {};
    std::vector<OverviewPart> before = {};  ///< a norm on the branch; at most one
    std::vector<OverviewPart> sum = {};     ///< where the branch is added to the stream
    std::vector<OverviewPart> after = {};   ///< a norm on the stream
    bool readsMemory = false;               ///< keys and values are made of the encoder's output
};

struct OverviewSide {
    std::string side;  ///< "encoder", "decoder"
    Words name;
    bool there = false;
    bool inHand = false;            ///< its layer in hand is drawn in full
    std::vector<OverviewRow> rows;  ///< from the tokens up
};

struct Overview {
    std::vector<OverviewSide> sides;  ///< encoder, decoder
    std::string current;              ///< of the part where the stage in hand happens; empty: of none

    const OverviewPart* find(const std::string& id) const;
    /// All parts, from the tokens up.
    std::vector<const OverviewPart*> parts() const;
};

Overview overviewOf(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, const NumberSource& numbers,
                    const Question& question, const std::string& stage);

}  // namespace lab::explain
