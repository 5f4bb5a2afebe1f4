#pragma once

#include <QString>
#include <memory>

#include "core/memory/recall.h"
#include "core/memory/recall_end.h"
#include "ui/pages/memory/memory_state.h"

namespace lab {

/// One recall from its query to its end, with the net that did it: all that the tab Recall shows at any update is a function of it.
struct RecallStudy {
    MemoryValue value;
    std::shared_ptr<const HopfieldNet> net;
    Recall recall;
    NamedState end;  ///< what the last state is

    int updates() const { return recall.updates(); }
    /// A state of the net as a picture.
    Pattern pictureOf(States states) const;
    Pattern pictureAfter(int update) const { return pictureOf(recall.stateAfter(update)); }
    const Pattern& chosen() const { return *value.chosenPattern(); }
    int wrongAfter(int update) const { return differing(recall.stateAfter(update), chosen().states); }
    double overlapAfter(int update) const { return overlap(recall.stateAfter(update), chosen().states); }
    /// Theory promises that the energy never rises: one pixel at a time, symmetric weights, no weight to itself below 0; or any way,
    /// weights that are positive semidefinite.
    bool neverRises() const { return net->rule().semidefinite || (recall.mode == RecallMode::asynchronous && net->energyNeverRises()); }
};
using RecallStudyPtr = std::shared_ptr<const RecallStudy>;

/// Null where nothing is stored. The net of `before` is taken over where patterns and rule are the same. Any thread.
RecallStudyPtr studyOf(const MemoryValue& value, const RecallStudyPtr& before);

/// "pseudo-inverse", for people.
QString ruleTitle(const std::string& rule);
/// The same where there is little room.
QString ruleBrief(const std::string& rule);
/// Name, formula and source of a rule, for a tool tip.
QString ruleHelp(const std::string& rule);
/// What came of it, in a few sentences that hold for this study.
QString outcomeText(const RecallStudy& study);
/// Whether the energy never rose, and what theory says: with its tick or cross.
QString energyVerdict(const RecallStudy& study);

}  // namespace lab
