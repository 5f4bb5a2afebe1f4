#pragma once

#include <QWidget>
#include <vector>

#include "core/sweep/dictionary_findings.h"

namespace lab {

/// The ways to give a model a dictionary as small drawings: what stands in the text's sequence, what beside it, and what the model looks
/// at.
class DictionaryWays : public QWidget {
    Q_OBJECT

public:
    explicit DictionaryWays(QWidget* parent = nullptr);

    /// One drawing a way, of dictionaries of one size; `textTokens` and `entryTokens` of the task.
    void setPoints(std::vector<DictionaryPoint> points, int textTokens, int entryTokens);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString words(const DictionaryPoint& point) const;
    QString caption(const DictionaryPoint& point) const;
    void paintWay(QPainter& painter, const QRectF& room, const DictionaryPoint& point) const;

    std::vector<DictionaryPoint> m_points;
    int m_textTokens = 0, m_entryTokens = 0;
};

}  // namespace lab
