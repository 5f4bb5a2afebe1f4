#pragma once

#include "ui/pages/memory/recall_study.h"
#include "ui/widgets/export_panel.h"
#include "ui/widgets/panel.h"

namespace lab {

class FieldBars;
class PatternPad;
class ThemedLabel;

/// The state at the shown update, and why one of its pixels flips or stays: its local field as a sum over the patterns. The pixel is the
/// next one to flip, until a click or the keyboard holds another; Escape goes back to the next.
class FieldPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit FieldPanel(QWidget* parent = nullptr);

    void setStudy(RecallStudyPtr study, int shown);
    /// Lets go of the pixel that was held; false: there was none.
    bool release();
    /// The pixel whose field is shown; -1: nothing is stored.
    int pixel() const { return m_pixel; }
    void hold(int pixel);
    std::vector<FigureOffer> figures() const;
    QString story() const;

signals:
    void pixelHeld(int pixel);

private:
    void showField();
    void applyMeasures();

    RecallStudyPtr m_study;
    int m_shown = 0;
    std::optional<int> m_held;
    int m_pixel = -1;
    PatternPad* m_state;
    ThemedLabel *m_caption, *m_story;
    FieldBars* m_bars;
};

}  // namespace lab
