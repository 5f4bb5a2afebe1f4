#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "ui/runs/focus.h"

namespace lab {

/// Before an example's id: Explain's stage of that name.
inline const QString exampleStage = QStringLiteral("example.");

/// Where something is to be seen. One value for whoever leads there: a page, a link, a lesson, a screen reader. What is not said stays as
/// it is.
struct Place {
    QString page{};                      ///< "maps"
    QString run{};                       ///< by its name
    std::optional<std::int64_t> step{};  ///< training step shown
    QString block{};                     ///< "encoder.0.attention"
    std::optional<int> head{}, query{}, key{};
    QString stage{};  ///< of the page, by its kept name: "mix", "masked_scores", "phases"
    QString cell{};   ///< of the stage: "weights:0,3", a grid's row and column

    bool operator==(const Place&) const = default;

    /// "maps?run=Reverse&step=120&block=encoder.0.attention&head=1&stage=scores"; parse() reads it again.
    QString text() const;
    /// Nothing when it is no place: an unknown or repeated key, a number that is none or negative.
    static std::optional<Place> parse(const QString& text);
};

/// What is looked at, but for page, stage and cell.
Place placeOf(const Focus& focus);

/// Looks there, as far as it is about run, step and selection. Returns what is not there as a sentence, and then nothing has changed.
QString show(Focus& focus, const std::vector<Run*>& runs, const Place& place);

}  // namespace lab
