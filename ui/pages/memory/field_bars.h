#pragma once

#include <QWidget>
#include <vector>

namespace lab {

/// One part of a sum.
struct FieldPart {
    QString name;
    double value = 0;
};

/// A sum as bars to both sides of zero, the largest parts first, the rest of them in one line, and the sum below.
class FieldBars : public QWidget {
    Q_OBJECT

public:
    explicit FieldBars(QWidget* parent = nullptr);

    void setParts(std::vector<FieldPart> parts, double sum);
    const std::vector<FieldPart>& parts() const { return m_parts; }
    double sum() const { return m_sum; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    /// Draws as many lines as `room` holds.
    static void paint(QPainter& painter, const QRectF& room, const std::vector<FieldPart>& parts, double sum);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<FieldPart> m_parts;
    double m_sum = 0;
};

}  // namespace lab
