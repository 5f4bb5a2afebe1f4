#include "ui/pages/memory/attention_words.h"

#include <QCoreApplication>
#include <cmath>

#include "core/base/number_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

struct AttentionWordsText {
    Q_DECLARE_TR_FUNCTIONS(AttentionWords)
};

constexpr double figureHeight = 240;  // logical px

QString keyName(int key, const QStringList& tokens) {
    return AttentionWordsText::tr("key %1 “%2”").arg(QString::number(key), tokens.value(key));
}

QString energyText(double energy) {
    return fixed(energy, 1);
}

/// How far the mixed values are from the head's output.
QString outputText(const AttentionMemory& memory) {
    if (memory.headOff) return AttentionWordsText::tr("switched off");
    return verdictText(memory.outputDifference < outputTolerance, differenceText(memory.outputDifference));
}

/// Of each row.
std::vector<std::string> numbersOf(const BridgeScene& scene, std::size_t key) {
    const AttentionMemory& memory = scene.look->memory;
    const double bias = memory.bias.empty() ? 0 : memory.bias[key];
    return {std::to_string(key), scene.tokens.value(static_cast<int>(key)).toStdString(), memory.hidden[key] ? "hidden" : numberText(bias),
            numberText(memory.weights[key]), numberText(memory.attention[key])};
}

}  // namespace

QString shortBeta(const AttentionMemory& memory) {
    return memory.factor == 1
               ? AttentionWordsText::tr("1/√%1 = %2").arg(QString::number(memory.patterns.dimension), significant(memory.beta, 3))
               : AttentionWordsText::tr("|s|/√%1 = %2")
                     .arg(QString::number(memory.patterns.dimension), significant(std::abs(memory.beta), 3));
}

QString betaWords(const AttentionMemory& memory) {
    if (memory.factor == 1) return AttentionWordsText::tr("with β = %1").arg(shortBeta(memory));
    return AttentionWordsText::tr("with β = s/√%1 = %2, s = %3")
        .arg(QString::number(memory.patterns.dimension), significant(memory.beta, 3), significant(memory.factor, 3));
}

QString reasonWords(const AttentionMemory& memory) {
    QStringList sentences;
    if (memory.isPlain()) {
        sentences << AttentionWordsText::tr(
            "This is the network of the paper: every key is stored, nothing but q·k counts, and β is above 0. An update "
            "never raises its energy.");
    } else {
        sentences << AttentionWordsText::tr("One update equals the row, but this is not the plain network. No falling energy is promised:");
        for (const Message& difference : memory.differences) sentences << QStringLiteral("• ") + shown(difference);
    }
    for (const Message& remark : memory.remarks) sentences << shown(remark);
    return sentences.join(QLatin1Char('\n'));
}

QString settlingWords(const BridgeLook& look, const QStringList& tokens) {
    std::vector<std::string> names;
    for (const QString& token : tokens) names.push_back(std::to_string(names.size()) + " “" + token.toStdString() + "”");
    const QString regime = shown(regimeText(look.end, names, look.memory.storedCount));
    if (!look.way.settled) return AttentionWordsText::tr("It has not settled after %1 updates: %2.").arg(look.way.updates).arg(regime);
    return counted(LAB_PLURAL("memory", "It would settle after %n update(s): %1."), look.way.updates, {regime});
}

std::vector<std::vector<QString>> correspondences(const BridgeLook& look, const QStringList& tokens, const QString& query, int update) {
    const AttentionMemory& memory = look.memory;
    const auto shownUpdate = static_cast<std::size_t>(update) - 1;
    const int heaviest = look.heaviest.front(), later = look.heaviest[shownUpdate];
    const QString share = fixed(look.weights[shownUpdate][static_cast<std::size_t>(later)], 2);
    std::vector<std::vector<QString>> rows{
        {AttentionWordsText::tr("patterns x"), AttentionWordsText::tr("keys k"),
         AttentionWordsText::tr("%1 of %2").arg(memory.storedCount).arg(memory.patterns.count)},
        {AttentionWordsText::tr("state ξ"), AttentionWordsText::tr("query q"), query},
        {AttentionWordsText::tr("β"), AttentionWordsText::tr("1/√d, in KV+Pos s/√d"), significant(memory.beta, 3)},
        {addsToScores(look) ? AttentionWordsText::tr("softmax(β Xᵀξ + b)") : AttentionWordsText::tr("softmax(β Xᵀξ)"),
         AttentionWordsText::tr("weights a"), AttentionWordsText::tr("%1 keys used").arg(fixed(look.effective.front(), 2))},
        {AttentionWordsText::tr("mixture of patterns"), AttentionWordsText::tr("Σ a v, of values"), outputText(memory)},
        {AttentionWordsText::tr("heaviest, update %1").arg(update), keyName(later, tokens), share},
        {AttentionWordsText::tr("separation Δ"), keyName(heaviest, tokens), fixed(look.separation, 2)},
        {AttentionWordsText::tr("energy, query to end"), QStringLiteral("–"),
         memory.beta > 0 ? QStringLiteral("%1 → %2 → %3")
                               .arg(energyText(look.energies.front()), energyText(look.energies[1]), energyText(look.energies.back()))
                         : QStringLiteral("–")},
    };
    if (memory.isPlain())
        rows.push_back({AttentionWordsText::tr("energy never rises"), QStringLiteral("–"), verdictText(!look.energyRose)});
    return rows;
}

FigureOffer bridgeOffer(const BridgeScene& scene, const FigureSubject& subject) {
    const QString name = AttentionWordsText::tr("One update and attention");
    return {name, figureFile(subject, name), [=] {
                auto figure = std::make_unique<PartsFigure>();
                figure->title = name;
                figure->caption = subjectCaption(
                    subject,
                    AttentionWordsText::tr("Weights of one update of the continuous Hopfield network over the head's keys, and the "
                                           "weights of attention"));
                figure->body = QSizeF(std::max(460.0, BridgeBars::widthOf(scene.look->memory.patterns.count)), figureHeight);
                figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), nullptr});
                figure->parts.back().paint = [scene](QPainter& painter, const QSizeF& room) {
                    BridgeBars::paint(painter, QRectF(QPointF(), room), scene);
                };
                figure->numbers.header = {"key", "token", "added", "hopfield", "attention"};
                for (std::size_t key = 0; key < scene.look->memory.weights.size(); ++key)
                    figure->numbers.rows.push_back(numbersOf(scene, key));
                return figure;
            }};
}

}  // namespace lab
