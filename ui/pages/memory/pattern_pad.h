#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "core/memory/pattern.h"

namespace lab {

/// A pattern to draw on: the left button sets pixels, the right one clears them, both as long as they are held. Arrows move a pixel in
/// hand, Space turns it over, Delete clears it; Shift with arrows moves the whole picture.
class PatternPad : public QWidget {
    Q_OBJECT

public:
    /// `pixel`: the side of a pixel in logical px at 100 %.
    PatternPad(const QString& name, int pixel, QWidget* parent = nullptr);

    /// Null: nothing to draw on.
    void setPattern(const Pattern* pattern);
    /// Pixels unlike this one's bear a cross; null: none do.
    void setRight(const Pattern* pattern);
    /// False: a click chooses a pixel instead of drawing.
    void setDrawable(bool drawable);
    const std::optional<Pattern>& pattern() const { return m_pattern; }

    /// The pixel in hand; -1 for none.
    int pixel() const { return m_pixel; }
    void setPixel(int pixel);  ///< without a signal
    /// Where a pixel is, in the widget.
    QRectF rectOf(int pixel) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    /// A button was pressed, or a key: what follows is one stroke.
    void strokeBegun();
    void drawn(int pixel, bool on);
    /// Another pixel is in hand.
    void pixelChosen(int pixel);
    /// Shift with an arrow.
    void shiftWanted(int rows, int columns);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF picture() const;
    void draw(const QPointF& from, const QPointF& to, bool on);
    void choose(int pixel);
    void describe();
    bool takesKey(int key) const;

    QString m_name;
    std::optional<Pattern> m_pattern, m_right;
    QPointF m_last;
    int m_side;
    int m_pixel = -1;
    bool m_drawable = true;
};

}  // namespace lab
