#pragma once

#include <QWidget>
#include <vector>

namespace lab {

/// How many bits something takes.
struct BitsBar {
    QString name;  ///< a formula (formula_text.h)
    double bits = 0;
    QString text;         ///< the number
    bool needed = false;  ///< drawn as an outline, and as a dashed line through all: less cannot do
};

/// Bits of several codes beside those that are needed, as bars on one scale.
class BitsBars : public QWidget {
    Q_OBJECT

public:
    explicit BitsBars(QWidget* parent = nullptr);

    void setBars(std::vector<BitsBar> bars);
    const std::vector<BitsBar>& bars() const { return m_bars; }
    QRectF barRect(std::size_t bar) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    static void paint(QPainter& painter, const QRectF& room, const std::vector<BitsBar>& bars);
    /// Of so many bars, in logical px at 100 %.
    static int heightOf(std::size_t bars);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<BitsBar> m_bars;
};

}  // namespace lab
