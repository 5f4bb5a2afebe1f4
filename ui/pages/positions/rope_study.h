#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <optional>
#include <utility>

#include "core/analysis/positions/rope_geometry.h"
#include "ui/runs/focus.h"

namespace lab {

/// What the RoPE views share: a query and a key, where they stand, which pair is in hand. Made from what the window looks at, or from free
/// vectors; the parts show it and change it, and hear `changed`.
class RopeStudy : public QObject {
    Q_OBJECT

public:
    explicit RopeStudy(QObject* parent = nullptr);

    /// What the window looks at now. The pointers may be null: then only free vectors can be shown.
    void look(const Experiment* experiment, const std::shared_ptr<const Model>& model, const std::shared_ptr<const Trace>& trace,
              const Selection& selection);
    /// Becomes as `other` is, for a picture of it.
    void copy(const RopeStudy& other);

    bool hasModel() const { return m_model.has_value(); }
    /// The model rotates this block's q and k itself; else this is a what-if.
    bool modelRotates() const { return m_model && m_model->modelScore.has_value(); }
    bool isFree() const { return m_free || !m_model; }
    void setFree(bool free);
    void drawFreeVectors();  ///< other ones
    /// Free vectors only: gives the pair in hand of q or k this length and phase.
    void setVector(bool ofKey, double length, double phase);

    const RopeConfig& rope() const { return m_rope; }
    RopePairing ownPairing() const { return m_ownPairing; }
    /// Another way to pair channels than the model's: a what-if.
    void setPairing(RopePairing pairing);

    const RopeGeometry& geometry() const { return m_geometry; }
    int pairs() const { return static_cast<int>(m_geometry.pairs().size()); }
    int pair() const { return m_pair; }
    void setPair(int pair);

    int length() const { return m_length; }                ///< tokens of the sequence in hand
    int trainedLength() const { return m_trainedLength; }  ///< of the sequences in training
    /// Distances m - n that occurred in training: none below 0 where a query sees the past only.
    std::pair<double, double> trainedDistances() const { return {m_causal ? 0.0 : 1.0 - m_trainedLength, m_trainedLength - 1.0}; }
    /// What these distances are called in a plot.
    QString seenLabel() const;
    int lastPosition() const { return m_lastPosition; }
    int queryPosition() const { return m_queryPosition; }
    int keyPosition() const { return m_keyPosition; }
    int distance() const { return m_queryPosition - m_keyPosition; }
    void setPositions(int query, int key);
    void setDistance(int distance);  ///< moves the query, or the key where the query cannot
    void shiftBoth(int by);

    /// Decimals with which the shares of the pairs are told apart; the same for all of them.
    int decimals() const { return m_decimals; }

    /// The sum over the pairs is what the softmax gets. Else (linear kernel, KV+Pos) the model makes its scores in another way.
    bool sumIsScore() const { return m_sumIsScore; }
    QString sumName() const;  ///< "score"
    QString theSum() const;   ///< "the score"
    /// That it is not the score; empty where it is.
    QString otherScores() const;
    /// What the sum over the pairs is held against at these positions, and where it comes from.
    ScoreCheck check() const;
    QString checkedAgainst() const;
    /// The same vectors at both positions + by, in the model's own arithmetic.
    double shiftedScore(int by) const;

    /// "tokens 9 and 6 stand at 12 and 6": empty while q and k stand where their tokens do.
    QString displacement() const;

signals:
    void vectorsChanged();  ///< q, k, the rotation or the pair in hand
    void positionsChanged();

private:
    const HeadVectors& vectors() const { return isFree() ? m_freeVectors : *m_model; }
    void rebuild();

    RopeConfig m_rope;
    RopePairing m_ownPairing = RopePairing::half;
    std::optional<HeadVectors> m_model;
    HeadVectors m_freeVectors;
    std::uint64_t m_freeSeed = 1;
    bool m_free = false;
    bool m_causal = false;
    bool m_sumIsScore = true;
    RopeGeometry m_geometry;
    std::shared_ptr<const Model> m_lookedAt;
    Selection m_selection;
    int m_pair = 0;
    int m_decimals = 2;
    int m_length = 16, m_trainedLength = 16, m_lastPosition = 31;
    int m_queryPosition = 9, m_keyPosition = 6;
};

/// Tokens of the longest sequence this experiment trains on (a decoder's with SEP and answer).
int trainedLengthOf(const Experiment& experiment);

/// " × 1.139²": by what the attention factor multiplies every pair's share; empty where it is 1.
QString attentionFactorText(const RopeGeometry& geometry);

}  // namespace lab
