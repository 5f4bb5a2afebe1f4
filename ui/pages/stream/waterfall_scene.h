#pragma once

#include <QStringList>
#include <optional>
#include <set>
#include <vector>

#include "core/model/model.h"
#include "core/stream/attribution.h"
#include "ui/widgets/figure.h"

namespace lab {

/// A logit as a sum, part by part.
struct WaterfallScene {
    struct Bar {
        QString label;  ///< under the bar: "H1"
        QString name;   ///< in words: "layer 3, head 1"
        int layer = -1;
        double value = 0;
        std::optional<std::pair<int, int>> head = {};  ///< block and head
        int source = -1;                               ///< of a head that is split: the token's position
        bool joined = false;                           ///< stands for several: a click unfolds them
    };
    std::vector<Bar> bars;
    double sum = 0, logit = 0;
    int parts = 0;     ///< as many as core has
    QString sumLabel;  ///< "logit"

    bool empty() const { return bars.empty(); }
    double low() const;
    double high() const;
    /// Of the bar: from where to where.
    std::pair<double, double> reach(std::size_t bar) const;
    FigureTable table() const;
};

/// More parts than these: heads of one layer are joined.
constexpr int mostWaterfallBars = 40;
/// Of a split head; the others are joined.
constexpr std::size_t mostWaterfallSources = 12;

/// `unfolded`: layers whose heads stand alone although there are many parts. `tokens`, `targetTokens`: what stands at sources.
/// Whether the parts add up to the logit.
QString sumCheck(const Attribution& attribution);
/// Which logit it is: "“4” at position 3, above the mean of all 16 logits · scales of norms held".
QString logitWords(const LogitQuestion& question, const QString& answer, const QString& other, int classes);
/// Under the sum's bar.
QString sumWord(const LogitQuestion& question);
WaterfallScene waterfallScene(const Attribution& attribution, const Model& model, const QStringList& tokens,
                              const QStringList& sourceTokens, const std::set<int>& unfolded);

}  // namespace lab
