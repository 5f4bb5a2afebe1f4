#include "ui/pages/memory/recall_study.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "ui/pages/memory/pattern_picture.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

struct RecallStudyText {
    Q_DECLARE_TR_FUNCTIONS(RecallStudy)
};

/// Of a state that is none of those stored: how deep it lies beside the pattern that was asked for.
QString depthText(const RecallStudy& study) {
    const double here = study.recall.energies.back(), there = study.net->energy(study.chosen().states);
    if (std::abs(here - there) < 1e-6)
        return RecallStudyText::tr("It lies as deep as %1 itself: energy %2.").arg(nameOf(study.chosen()), fixed(here, 1));
    const QString words = here < there ? RecallStudyText::tr("It lies deeper (%1) than %2 itself (%3): a false minimum.")
                                       : RecallStudyText::tr("It lies higher (%1) than %2 itself (%3): recall came to rest before it.");
    return words.arg(fixed(here, 1), nameOf(study.chosen()), fixed(there, 1));
}

/// Why recall ended there, of what a state may be.
QString endText(const RecallStudy& study) {
    switch (study.end.kind) {
        case StateKind::pattern:
            return RecallStudyText::tr("That is another stored pattern: the query lay in its basin.");
        case StateKind::inverse:
            return RecallStudyText::tr("The inverse of a pattern has the same energy: E(\u2212s) = E(s).");
        case StateKind::mixture:
        case StateKind::other:
            break;
    }
    return depthText(study);
}

/// The other pattern that the one asked for resembles most.
QString likenessText(const RecallStudy& study) {
    if (!study.net->rule().addsOverlaps) return {};
    const std::vector<Pattern>& patterns = study.value.patterns;
    int most = -1;
    double size = 0;
    for (int i = 0; i < static_cast<int>(patterns.size()); ++i) {
        if (i == study.value.chosen) continue;
        const double found = overlap(patterns[static_cast<std::size_t>(i)].states, study.chosen().states);
        if (std::abs(found) <= std::abs(size)) continue;
        size = found;
        most = i;
    }
    if (most < 0 || std::abs(size) < 0.2) return {};
    return RecallStudyText::tr("%1 and %2 overlap by %3: by Hebb\u2019s rule %2 adds %3 times its own pixel to the field of every pixel.")
        .arg(nameOf(study.chosen()), nameOf(patterns[static_cast<std::size_t>(most)]), fixed(size, 2));
}

QString restText(const RecallStudy& study) {
    const int wrong = study.wrongAfter(study.updates());
    const int flips = static_cast<int>(study.recall.flips.size());
    if (wrong == 0)
        return RecallStudyText::tr("Remembered: after %1 flips every pixel is that of %2, and none wants to flip.")
            .arg(flips)
            .arg(nameOf(study.chosen()));
    const QString name = shown(stateText(study.end, study.value.patterns));
    const QString rests = counted(LAB_PLURAL("memory", "The end is %1. Beside %3 it has %n wrong pixel(s) of %2."), wrong,
                                  {name, QString::number(study.chosen().pixels()), nameOf(study.chosen())});
    return sentences({rests, endText(study), likenessText(study)});
}

}  // namespace

Pattern RecallStudy::pictureOf(States states) const {
    Pattern picture = value.query;
    picture.name.clear();
    picture.states = std::move(states);
    return picture;
}

RecallStudyPtr studyOf(const MemoryValue& value, const RecallStudyPtr& before) {
    if (!value.chosenPattern()) return nullptr;
    auto study = std::make_shared<RecallStudy>();
    study->value = value;
    const bool sameNet = before && before->value.patterns == value.patterns && before->value.rule == value.rule;
    study->net = sameNet ? before->net : std::make_shared<const HopfieldNet>(storageRule(value.rule), value.patterns);
    study->recall =
        recall(*study->net, value.query.states, value.synchronous ? RecallMode::synchronous : RecallMode::asynchronous, value.seed);
    study->end = namedState(value.patterns, study->recall.end());
    return study;
}

QString ruleTitle(const std::string& rule) {
    const StorageRule* row = findStorageRule(rule);
    return row ? shown(Message(row->title)) : QString::fromStdString(rule);
}

QString ruleBrief(const std::string& rule) {
    const StorageRule* row = findStorageRule(rule);
    return row ? shown(Message(row->brief)) : QString::fromStdString(rule);
}

QString ruleHelp(const std::string& rule) {
    const StorageRule* row = findStorageRule(rule);
    if (!row) return {};
    const QString formula = QString::fromUtf8(row->formula.data(), static_cast<qsizetype>(row->formula.size()));
    const QString source = QString::fromUtf8(row->source.data(), static_cast<qsizetype>(row->source.size()));
    return QStringLiteral("%1\n%2\n%3\n%4").arg(ruleTitle(rule), shown(Message(row->help)), formula, source);
}

QString outcomeText(const RecallStudy& study) {
    if (study.recall.ending == RecallEnding::twoCycle)
        return RecallStudyText::tr(
            "It swings between two states for ever: all pixels at once may do that. One pixel at a time always comes to rest.");
    if (study.recall.ending == RecallEnding::givenUp) return shown(endingText(study.recall)) + QLatin1Char('.');
    return restText(study);
}

QString energyVerdict(const RecallStudy& study) {
    const std::optional<int> rise = study.recall.firstRise();
    const int updates = study.updates();
    if (study.neverRises())
        return rise ? verdictText(false, RecallStudyText::tr("rose at update %1, which theory rules out").arg(*rise))
               : study.recall.mode == RecallMode::synchronous
                   ? verdictText(true, RecallStudyText::tr("never rises by this rule, even with all pixels at once: W is positive "
                                                           "semidefinite"))
                   : verdictText(true, RecallStudyText::tr("never rose in %1 updates, as theory says").arg(updates));
    return rise ? RecallStudyText::tr("may rise when all pixels change at once: it did at update %1").arg(*rise)
                : RecallStudyText::tr("may rise when all pixels change at once: it did not in %1 updates").arg(updates);
}

}  // namespace lab
