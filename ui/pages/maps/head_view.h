#pragma once

#include <QWidget>

#include "ui/widgets/heatmap.h"

class QLabel;

namespace lab {

class ColorScaleBar;
class RowProfile;

/// One head enlarged: its map, below it the weights of the shown row with their sum, the scale, and a note about the form.
class HeadView : public QWidget {
    Q_OBJECT

public:
    explicit HeadView(QWidget* parent = nullptr);

    /// For tokens, selection and signals; data come by setMap.
    Heatmap& map() { return *m_map; }
    void setMap(const MapData& weights, const ColorScaling& scaling, const QString& quantity);
    /// After the map's data or shown cell changed. `rowSum` of the shown row; not looked at without a shown cell.
    void showRow(double rowSum);
    void setNote(const QString& note);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void align();

    Heatmap* m_map;
    RowProfile* m_profile;
    ColorScaleBar* m_scale;
    QLabel* m_note;
};

}  // namespace lab
