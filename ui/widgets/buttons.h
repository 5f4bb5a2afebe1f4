#pragma once

#include <QPushButton>

namespace lab {

/// Little pictures that buttons draw themselves, in the colour of their text.
enum class Glyph { none, play, pause, step, reset, chevronLeft, chevronRight, chevronDown, chevronUp, menu, monitor };

/// Paints a glyph into a square.
void drawGlyph(QPainter& painter, Glyph glyph, const QRectF& square, const QColor& color);

/// A plain button: glyph, text, keycap. Checkable ones are tinted while on.
class Button : public QPushButton {
    Q_OBJECT

public:
    explicit Button(const QString& text, QWidget* parent = nullptr);
    /// Icon only; `accessibleName` is also the tool tip.
    Button(Glyph glyph, const QString& accessibleName, QWidget* parent = nullptr);

    void setGlyph(Glyph glyph);
    Glyph glyph() const { return m_glyph; }
    /// Side of the glyph in logical px at 100 %; 12 unless told.
    void setGlyphSize(int at100);
    /// The key that presses it, drawn inside: "Space".
    void setKeycap(const QString& keycap);
    /// Height in logical px at 100 %: 24 in pages (default), 28 in bars, 40 in the transport block.
    void setHeight(int at100);
    /// Square corners on a side that touches a neighbour of the same block.
    void setJoined(bool left, bool right);
    /// No border and no fill until the mouse is over it.
    void setFlatLook(bool flat);
    /// The same width whatever the text: as wide as the widest of these.
    void setWidthFor(const QStringList& texts);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

    struct Look {
        QColor fill;
        QColor border;
        QColor ink;
    };
    virtual Look look() const;
    virtual QFont labelFont() const;
    virtual int sidePadding() const;

private:
    void applyMeasures();
    QString shownText() const;

    Glyph m_glyph = Glyph::none;
    QString m_keycap;
    QStringList m_widest;
    int m_height = 24;
    int m_glyphSize = 12;
    bool m_joinedLeft = false;
    bool m_joinedRight = false;
    bool m_flat = false;
};

/// The one amber button of a window (Train / Pause): 40 px high, bold.
class PrimaryButton : public Button {
    Q_OBJECT

public:
    explicit PrimaryButton(const QString& text, QWidget* parent = nullptr);

    /// Looks like any other while a lesson has the amber one.
    void setPlain(bool plain);

protected:
    Look look() const override;
    QFont labelFont() const override;
    int sidePadding() const override;

private:
    bool m_plain = false;
};

}  // namespace lab
