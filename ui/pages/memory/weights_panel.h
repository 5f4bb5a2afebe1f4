#pragma once

#include "ui/pages/memory/recall_study.h"
#include "ui/widgets/panel.h"

namespace lab {

class Map;
class RowPicture;
class ThemedLabel;

/// The weights as a map; which patterns made the cell in hand, and its row as a picture of the pattern's size.
class WeightsPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit WeightsPanel(QWidget* parent = nullptr);

    void setStudy(const RecallStudyPtr& study);
    /// The row of this pixel, as when it was chosen elsewhere.
    void showPixel(int pixel);
    Map& map() const { return *m_map; }
    QString story() const;

private:
    void showCell();

    std::shared_ptr<const HopfieldNet> m_net;
    Map* m_map;
    QWidget* m_side;
    RowPicture* m_row;
    ThemedLabel* m_story;
};

}  // namespace lab
