#include "ui/pages/positions/rope_study.h"

#include <algorithm>
#include <cmath>

#include "core/config/derive.h"
#include "core/config/experiment.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr int freeHeadDim = 16;
constexpr int ropeStudyFreeLength = 16;

}  // namespace

int trainedLengthOf(const Experiment& experiment) {
    if (const auto needs = needsOf(experiment.task, experiment.model.architecture)) return needs->maxSeqLen;
    return experiment.model.max_seq_len.value_or(experiment.task.seq_len);
}

RopeStudy::RopeStudy(QObject* parent) : QObject(parent) {
    m_freeVectors = freeVectors(m_freeSeed, freeHeadDim);
    rebuild();
}

void RopeStudy::look(const Experiment* experiment, const std::shared_ptr<const Model>& model, const std::shared_ptr<const Trace>& trace,
                     const Selection& selection) {
    const bool elsewhere = model != m_lookedAt || selection.query != m_selection.query || selection.key != m_selection.key || !m_model;
    m_lookedAt = model;
    m_selection = selection;
    m_model.reset();
    const AttentionBlock* block = model && trace && !model->attentionBlocks().empty()
                                      ? &model->attentionBlocks()[static_cast<std::size_t>(selection.block)]
                                      : nullptr;
    const Tensor* keys = block ? trace->find(block->name + ".key") : nullptr;
    const Tensor* queries = block ? trace->find(block->name + ".query") : nullptr;
    m_sumIsScore = !block || block->cross ||
                   (specOf(model->config().attention.kernel.kind).scaled && !specOf(model->config().attention.form).positionMap &&
                    !model->config().attention.unit_keys);
    int headDim = freeHeadDim;
    if (keys && queries && selection.query < queries->extent(1) && selection.key < keys->extent(1) && keys->extent(2) % 2 == 0) {
        const ModelConfig& config = model->config();
        m_model = headVectors(config, *trace, *block, selection.head, selection.query, selection.key);
        headDim = config.headDim();
        m_causal = block->visibility.causal();
        const RopePairing chosen = m_rope.pairing;
        const bool ownChosen = chosen == m_ownPairing;
        m_rope = config.position.kind == PositionKind::rope ? config.position.rope : RopeConfig{};
        m_ownPairing = m_rope.pairing;
        if (!ownChosen && !elsewhere) m_rope.pairing = chosen;
        m_length = static_cast<int>(keys->extent(1));
        m_trainedLength = trainedLengthOf(*experiment);
    } else if (!model) {
        m_causal = false;
        m_rope = {};
        m_length = m_trainedLength = ropeStudyFreeLength;
    }
    if (static_cast<int>(m_freeVectors.query.size()) != headDim) m_freeVectors = freeVectors(m_freeSeed, headDim);
    m_lastPosition = 2 * std::max({m_length, m_trainedLength, 8}) - 1;
    if (elsewhere && m_model && !m_free) {
        m_queryPosition = selection.query;
        m_keyPosition = selection.key;
    }
    m_queryPosition = std::min(m_queryPosition, m_lastPosition);
    m_keyPosition = std::min(m_keyPosition, m_lastPosition);
    rebuild();
}

void RopeStudy::copy(const RopeStudy& other) {
    m_rope = other.m_rope;
    m_ownPairing = other.m_ownPairing;
    m_model = other.m_model;
    m_freeVectors = other.m_freeVectors;
    m_free = other.m_free;
    m_causal = other.m_causal;
    m_sumIsScore = other.m_sumIsScore;
    m_lookedAt = other.m_lookedAt;
    m_selection = other.m_selection;
    m_pair = other.m_pair;
    m_length = other.m_length;
    m_trainedLength = other.m_trainedLength;
    m_lastPosition = other.m_lastPosition;
    m_queryPosition = other.m_queryPosition;
    m_keyPosition = other.m_keyPosition;
    rebuild();
}

void RopeStudy::rebuild() {
    m_geometry = RopeGeometry(m_rope, m_length, vectors().query, vectors().key);
    m_pair = std::clamp(m_pair, 0, std::max(pairs() - 1, 0));
    double largest = 0;
    for (const RopePair& pair : m_geometry.pairs()) largest = std::max(largest, pair.queryLength * pair.keyLength * m_geometry.factor());
    m_decimals = largest >= 0.5 || largest == 0 ? 2 : std::min(2 + static_cast<int>(std::ceil(-std::log10(2 * largest))), 6);
    emit vectorsChanged();
}

void RopeStudy::setFree(bool free) {
    if (free == m_free) return;
    m_free = free;
    if (!isFree()) {
        m_queryPosition = m_selection.query;
        m_keyPosition = m_selection.key;
    }
    rebuild();
}

void RopeStudy::drawFreeVectors() {
    m_freeVectors = freeVectors(++m_freeSeed, static_cast<int>(m_freeVectors.query.size()));
    rebuild();
}

void RopeStudy::setVector(bool ofKey, double length, double phase) {
    if (!isFree()) return;
    const RopePair& pair = m_geometry.pairs()[static_cast<std::size_t>(m_pair)];
    setPairOf(ofKey ? m_freeVectors.key : m_freeVectors.query, pair, length, phase);
    rebuild();
}

void RopeStudy::setPairing(RopePairing pairing) {
    if (pairing == m_rope.pairing) return;
    m_rope.pairing = pairing;
    rebuild();
}

void RopeStudy::setPair(int pair) {
    pair = std::clamp(pair, 0, pairs() - 1);
    if (pair == m_pair) return;
    m_pair = pair;
    emit vectorsChanged();
}

void RopeStudy::setPositions(int query, int key) {
    query = std::clamp(query, 0, m_lastPosition);
    key = std::clamp(key, 0, m_lastPosition);
    if (query == m_queryPosition && key == m_keyPosition) return;
    m_queryPosition = query;
    m_keyPosition = key;
    emit positionsChanged();
}

void RopeStudy::setDistance(int distance) {
    const int query = m_keyPosition + distance;
    if (query >= 0 && query <= m_lastPosition)
        setPositions(query, m_keyPosition);
    else if (query < 0)
        setPositions(0, -distance);
    else
        setPositions(m_lastPosition, m_lastPosition - distance);
}

void RopeStudy::shiftBoth(int by) {
    // Beyond the end both start again at the bottom: the distance must stay.
    const int low = std::min(m_queryPosition, m_keyPosition), high = std::max(m_queryPosition, m_keyPosition);
    if (high + by > m_lastPosition || low + by < 0) by = by > 0 ? -low : m_lastPosition - high;
    setPositions(m_queryPosition + by, m_keyPosition + by);
}

QString RopeStudy::sumName() const {
    return m_sumIsScore ? tr("score") : QStringLiteral("q \u00B7 k / \u221Ad\u2095");
}

QString RopeStudy::theSum() const {
    return m_sumIsScore ? tr("the score") : sumName();
}

QString RopeStudy::otherScores() const {
    return m_sumIsScore ? QString() : tr("This model makes its scores of q and k in another way; they can depend on m and n themselves.");
}

ScoreCheck RopeStudy::check() const {
    const bool models = !isFree() && m_model->modelScore && distance() == m_selection.query - m_selection.key;
    return checkScore(m_geometry, distance(), models ? *m_model->modelScore : shiftedScore(0));
}

QString RopeStudy::checkedAgainst() const {
    if (isFree())
        return tr(
            "both rotated, q \u00B7 k / \u221A"
            "d\u2095");
    if (!m_model->modelScore) return tr("rotated as a RoPE model would");
    if (distance() != m_selection.query - m_selection.key) return tr("the model\u2019s rotation to m, n");
    return m_model->isScore ? tr("the model\u2019s score")
                            : tr("the model\u2019s q \u00B7 k / \u221A"
                                 "d\u2095");
}

double RopeStudy::shiftedScore(int by) const {
    return rotatedScore(m_rope, m_length, vectors().query, vectors().key, m_queryPosition + by, m_keyPosition + by);
}

QString RopeStudy::seenLabel() const {
    return m_lookedAt ? tr("seen in training") : counted(LAB_PLURAL("positions", "within %n token(s)"), m_trainedLength);
}

QString RopeStudy::displacement() const {
    if (isFree() || (m_queryPosition == m_selection.query && m_keyPosition == m_selection.key)) return {};
    return tr("placed at m = %1, n = %2").arg(m_queryPosition).arg(m_keyPosition);
}

QString attentionFactorText(const RopeGeometry& geometry) {
    if (geometry.attentionFactor() == 1.0) return {};
    return QStringLiteral(" \u00D7 ") + fixed(geometry.attentionFactor(), 3) + QChar(0xB2);  // behind %1 Qt reads it as a digit
}

}  // namespace lab
