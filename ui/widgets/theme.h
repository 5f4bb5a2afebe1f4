#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <functional>

class QWidget;

namespace lab {

/// Colours by what they mean (LOOK.md 3). Blue is data, amber is the hand.
enum class Role {
    window,
    panel,
    screen,
    control,
    hover,
    pressed,
    selection,
    hairline,
    grid,
    controlBorder,
    text,
    muted,
    accent,
    fill,
    fillBorder,
    onFill,
    right,
    wrong,
    wrongBackground,
    track,
    series1,
    series2,
    series3,
    series4,
    series5,
};

/// Sizes of text in logical px at 100 % (LOOK.md 2): meter and formula, token, body text, axes and cells, captions.
enum class TextSize { meter = 18, token = 15, text = 13, axis = 12, caption = 11 };

/// Light or dark, the scale of everything, fonts. One per program; the window sets it, widgets read it when they paint.
class Theme {
public:
    enum class Mode { system, light, dark };

    static Theme& instance();

    Mode mode() const { return m_mode; }
    void setMode(Mode mode);
    bool dark() const { return m_dark; }
    /// 1, 1.25, 1.5 or 2: multiplies every measure and size.
    double scale() const { return m_scale; }
    void setScale(double scale);

    QColor color(Role role) const;
    /// Logical px at 100 % -> device-independent px at the present scale.
    int px(double at100) const;
    QFont font(TextSize size, bool bold = false) const;

    /// Fonts of the given family instead of Noto Sans or DejaVu Sans; for exports and tests. Empty: back to the system's.
    void setFontFamily(const QString& family);

    /// Sets QApplication's style (Fusion), palette, font and style sheet to the present mode and scale.
    void apply();

private:
    friend class PrintTheme;
    Theme() = default;
    void refresh();

    Mode m_mode = Mode::system;
    bool m_dark = false;
    bool m_applied = false;
    bool m_printing = false;
    int m_letters = 0;  ///< px of all text; 0: as its size says
    double m_scale = 1.0;
    QString m_family;
};

/// Calls `follow` when the theme has changed, once a change, behind Qt's own events (PaletteChange, FontChange, StyleChange) and behind
/// what the widgets inside this one have to do. What is but painted or laid out anew needs none: QWidget sees to that.
void whenThemed(QWidget* widget, std::function<void()> follow);
/// The same, and at once.
void followTheme(QWidget* widget, std::function<void()> follow);

template <class Widget>
void whenThemed(Widget* widget, void (Widget::*follow)()) {
    whenThemed(widget, std::function<void()>([=] { (widget->*follow)(); }));
}

template <class Widget>
void followTheme(Widget* widget, void (Widget::*follow)()) {
    followTheme(widget, std::function<void()>([=] { (widget->*follow)(); }));
}

/// While it lives, colours and measures are those of paper: light (or dark when asked for) at 100 %, whatever the window shows, and
/// letters stand at their exact distances instead of on pixels. Nobody is told: no widget may be painted meanwhile but those made for the
/// picture. `letters`: px of all text, whatever size it is meant to have; 0 as on screen.
class PrintTheme {
public:
    explicit PrintTheme(bool dark = false, int letters = 0);
    ~PrintTheme();
    PrintTheme(const PrintTheme&) = delete;
    PrintTheme& operator=(const PrintTheme&) = delete;

private:
    bool m_dark;
    bool m_printing;
    int m_letters;
    double m_scale;
};

}  // namespace lab
