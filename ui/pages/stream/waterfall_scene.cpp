#include "ui/pages/stream/waterfall_scene.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "core/stream/states.h"
#include "ui/pages/stream/lens_scene.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

struct WaterfallText {
    Q_DECLARE_TR_FUNCTIONS(lab::WaterfallText)
};

/// core/stream's promise of an attribution's sum.
constexpr double sumTolerance = 1e-5;

bool isBias(TermKind kind) {
    return kind == TermKind::embedding_bias || kind == TermKind::attention_bias || kind == TermKind::feed_forward_bias ||
           kind == TermKind::norm_bias || kind == TermKind::output_bias;
}

/// Under a bar; the layer stands below it.
QString shortLabel(const AttributionTerm& term) {
    switch (term.kind) {
        case TermKind::head:
            return term.cross ? WaterfallText::tr("C%1").arg(term.head) : WaterfallText::tr("H%1").arg(term.head);
        case TermKind::token:
            return WaterfallText::tr("token");
        case TermKind::position:
            return WaterfallText::tr("pos.");
        case TermKind::segment:
            return WaterfallText::tr("segm.");
        case TermKind::mixing:
            return WaterfallText::tr("mix");
        case TermKind::feed_forward:
            return WaterfallText::tr("FF");
        case TermKind::curve:
            return WaterfallText::tr("curve");
        case TermKind::rest:
            return WaterfallText::tr("rest");
        default:
            return WaterfallText::tr("biases");
    }
}

using HeadOfBar = std::pair<int, int>;

class Builder {
public:
    Builder(const Attribution& attribution, const Model& model, const QStringList& tokens, const QStringList& sourceTokens,
            const std::set<int>& unfolded)
        : m_attribution(attribution), m_model(model), m_tokens(tokens), m_sourceTokens(sourceTokens), m_unfolded(unfolded) {}

    WaterfallScene result() {
        m_scene.parts = static_cast<int>(m_attribution.terms.size());
        m_scene.sum = m_attribution.sum;
        m_scene.logit = m_attribution.logit;
        m_joins = wholeParts() > mostWaterfallBars;
        const std::vector<AttributionTerm>& terms = m_attribution.terms;
        for (std::size_t t = 0; t < terms.size();) {
            if (!isSource(terms[t])) {
                add(terms[t++]);
                continue;
            }
            const std::size_t end = endOfSplit(t);
            addSplit(t, end);
            t = end;
        }
        if (m_hasBiases) m_scene.bars.push_back({WaterfallText::tr("biases"), WaterfallText::tr("all biases"), -1, m_biases});
        return std::move(m_scene);
    }

private:
    static bool isSource(const AttributionTerm& term) { return term.source >= 0 || term.kind == TermKind::rest; }
    int wholeParts() const {
        bool biases = false;
        int parts = 0;
        const AttributionTerm* last = nullptr;
        for (const AttributionTerm& term : m_attribution.terms) {
            biases = biases || isBias(term.kind);
            const bool goesOn = last && isSource(*last) && isSource(term);
            if (!isBias(term.kind) && !goesOn) ++parts;
            last = &term;
        }
        return parts + (biases ? 1 : 0);
    }

    void add(const AttributionTerm& term) {
        if (isBias(term.kind)) {
            m_hasBiases = true;
            m_biases += term.value;
            return;
        }
        const bool head = term.kind == TermKind::head;
        if (head && m_joins && !m_unfolded.contains(term.layer)) return join(term);
        WaterfallScene::Bar bar{shortLabel(term), shown(term.label()), term.layer, term.value};
        if (head) bar.head = std::pair(blockOf(term), term.head);
        m_scene.bars.push_back(std::move(bar));
    }

    void join(const AttributionTerm& term) {
        if (!m_scene.bars.empty() && m_scene.bars.back().joined && m_scene.bars.back().layer == term.layer) {
            m_scene.bars.back().value += term.value;
            return;
        }
        WaterfallScene::Bar bar{WaterfallText::tr("H"), WaterfallText::tr("all heads of layer %1").arg(term.layer), term.layer, term.value};
        bar.joined = true;
        m_scene.bars.push_back(std::move(bar));
    }

    /// The terms of a split head stand together.
    std::size_t endOfSplit(std::size_t from) const {
        const std::vector<AttributionTerm>& terms = m_attribution.terms;
        std::size_t end = from;
        while (end < terms.size() && isSource(terms[end]) && terms[end].layer == terms[from].layer && terms[end].head == terms[from].head)
            ++end;
        return end;
    }

    /// The largest alone.
    void addSplit(std::size_t from, std::size_t end) {
        const std::vector<AttributionTerm>& terms = m_attribution.terms;
        const AttributionTerm& first = terms[from];
        const double least = leastAlone(from, end);
        const HeadOfBar head(blockOf(first), first.head);
        WaterfallScene::Bar others;
        others.layer = first.layer;
        others.head = head;
        others.label = WaterfallText::tr("others");
        others.name = WaterfallText::tr("layer %1, head %2, through all others").arg(first.layer).arg(first.head);
        bool any = false;
        for (std::size_t t = from; t < end; ++t)
            if (terms[t].source < 0 || std::abs(terms[t].value) < least) {
                others.value += terms[t].value;
                any = true;
            } else {
                addSource(terms[t], head);
            }
        if (any) m_scene.bars.push_back(std::move(others));
    }

    /// The size that a source's part has to have to stand alone.
    double leastAlone(std::size_t from, std::size_t end) const {
        std::vector<double> sizes;
        for (std::size_t t = from; t < end; ++t)
            if (m_attribution.terms[t].source >= 0) sizes.push_back(std::abs(m_attribution.terms[t].value));
        if (sizes.size() <= mostWaterfallSources) return 0;
        std::ranges::sort(sizes);
        return sizes[sizes.size() - mostWaterfallSources];
    }

    void addSource(const AttributionTerm& term, const HeadOfBar& head) {
        const QString token = (term.cross ? m_sourceTokens : m_tokens).value(term.source);
        const QString name =
            WaterfallText::tr("layer %1, head %2, through %3 at position %4")
                .arg(QString::number(term.layer), QString::number(term.head), quotedToken(token), QString::number(term.source));
        m_scene.bars.push_back({bareToken(token), name, term.layer, term.value, head, term.source});
    }

    int blockOf(const AttributionTerm& term) const {
        const std::string side(nameOf(answeringSide(m_model.config())));
        const std::vector<AttentionBlock>& blocks = m_model.attentionBlocks();
        for (std::size_t b = 0; b < blocks.size(); ++b)
            if (blocks[b].side == side && blocks[b].layer == term.layer && blocks[b].cross == term.cross) return static_cast<int>(b);
        return 0;
    }

    const Attribution& m_attribution;
    const Model& m_model;
    const QStringList &m_tokens, &m_sourceTokens;
    const std::set<int>& m_unfolded;
    WaterfallScene m_scene;
    bool m_joins = false, m_hasBiases = false;
    double m_biases = 0;
};

}  // namespace

std::pair<double, double> WaterfallScene::reach(std::size_t bar) const {
    double from = 0;
    for (std::size_t b = 0; b < bar; ++b) from += bars[b].value;
    return {from, from + bars[bar].value};
}

double WaterfallScene::low() const {
    double low = std::min(0.0, logit), at = 0;
    for (const Bar& bar : bars) low = std::min(low, at += bar.value);
    return low;
}

double WaterfallScene::high() const {
    double high = std::max(0.0, logit), at = 0;
    for (const Bar& bar : bars) high = std::max(high, at += bar.value);
    return high;
}

FigureTable WaterfallScene::table() const {
    const auto exact = [](double value) { return QString::number(value, 'g', 17).toStdString(); };
    FigureTable table{{"part", "layer", "source", "value"}, {}};
    for (const Bar& bar : bars)
        table.rows.push_back({bar.name.toStdString(), std::to_string(bar.layer),
                              bar.source < 0 ? std::string() : std::to_string(bar.source), exact(bar.value)});
    table.rows.push_back({"sum", "", "", exact(sum)});
    table.rows.push_back({"logit", "", "", exact(logit)});
    return table;
}

QString sumCheck(const Attribution& attribution) {
    const bool right = std::abs(attribution.difference()) <= sumTolerance * (1.0 + attribution.size);
    return verdictText(right, counted(LAB_PLURAL("stream", "%n part(s) add up to %1: difference %2"), std::ssize(attribution.terms),
                                      {fixed(attribution.sum, 4), differenceText(std::abs(attribution.difference()))}));
}

QString sumWord(const LogitQuestion& question) {
    return question.against == LogitQuestion::Against::other ? WaterfallText::tr("difference") : WaterfallText::tr("logit");
}

QString logitWords(const LogitQuestion& question, const QString& answer, const QString& other, int classes) {
    const QString position = QString::number(question.position);
    switch (question.against) {
        case LogitQuestion::Against::mean:
            return WaterfallText::tr("%1 at position %2, above the mean of all %3 logits · scales of norms held")
                .arg(answer, position, grouped(classes));
        case LogitQuestion::Against::other:
            return WaterfallText::tr("%1 above %2 at position %3 · scales of norms held").arg(answer, other, position);
        case LogitQuestion::Against::nothing:
            break;
    }
    return WaterfallText::tr("%1 at position %2 · scales of norms held").arg(answer, position);
}

WaterfallScene waterfallScene(const Attribution& attribution, const Model& model, const QStringList& tokens,
                              const QStringList& sourceTokens, const std::set<int>& unfolded) {
    return Builder(attribution, model, tokens, sourceTokens, unfolded).result();
}

}  // namespace lab
