#pragma once

#include <QWidget>

#include "core/analysis/explain/plane.h"

namespace lab {

/// The weighted sum as vectors: values scaled by their weights, tip to tail, in a plane.
class VectorPlane : public QWidget {
    Q_OBJECT

public:
    explicit VectorPlane(QWidget* parent = nullptr);

    /// `axes` name the plane's directions, `sum` its result: "o_{5}".
    void setPicture(const explain::PlanePicture& picture, const QStringList& axes, int query, const QString& sum,
                    const QStringList& tokens);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintPlane(QPainter& painter, const QRectF& place) const;
    void paintLegend(QPainter& painter, double top) const;

    explain::PlanePicture m_picture;
    QStringList m_axes, m_tokens;
    QString m_sum;
    int m_query = 0;
};

}  // namespace lab
