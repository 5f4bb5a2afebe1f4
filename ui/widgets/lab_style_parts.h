#pragma once

#include <QPainter>
#include <QStyleOption>

// The parts that LabStyle draws in a way of its own: scroll bars, sliders, check boxes and menus. Measures in logical px at 100 %.

namespace lab {

namespace measure {
constexpr int scrollBar = 12;
constexpr int scrollHandle = 24;  ///< at least
constexpr int sliderHandle = 8;   ///< wide
constexpr int slider = 14;        ///< high
constexpr int menuEdge = 4;       ///< above the first entry and below the last
}  // namespace measure

/// Where the handle is; the bar has no arrows, so that the rest of it is the track.
QRect scrollHandleRect(const QStyleOptionSlider& option);
void drawScrollBar(QPainter& painter, const QStyleOptionSlider& option);

/// Of a horizontal slider.
QRect sliderHandleRect(const QStyleOptionSlider& option);
void drawSlider(QPainter& painter, const QStyleOptionSlider& option);

/// The square of a check box.
struct CheckLook {
    bool checked = false, enabled = true, hover = false, invalid = false;
};
void drawCheckSquare(QPainter& painter, const QRect& square, const CheckLook& look);

/// An entry's text may go on behind its first line: these lines are wrapped, and its icon stands beside them as a picture. A separator's
/// text is a heading. `contents`: of the text and the shortcut alone.
QSize menuEntrySize(const QStyleOptionMenuItem& option, const QSize& contents);
void drawMenuEntry(QPainter& painter, const QStyleOptionMenuItem& option);

}  // namespace lab
