#pragma once

#include <QWidget>

#include "ui/widgets/map/map.h"

namespace lab {

class ColorScaleBar;
class DetailBar;
class LineView;
class RowProfile;
class ThemedLabel;

/// One head enlarged: its map, below it the shown row, the scale, a note about the form, and, of long maps, what a dot stands for. Beside
/// or instead of the map its weights as lines.
class HeadView : public QWidget {
    Q_OBJECT

public:
    enum class Show { map, lines, both };

    explicit HeadView(QWidget* parent = nullptr);

    /// For tokens, selection and signals; data come by setMap.
    Map& map() { return *m_map; }
    LineView& lines() { return *m_lines; }
    void setMap(const MapData& values, const ColorScaling& scaling, const QString& quantity);
    void setWeights(const MapData& weights, const std::vector<QString>& queries, const std::vector<QString>& keys);
    /// Of the profile: the row that is lit up, else that of the shown cell; -1 without one.
    int shownRow() const;
    /// After the map's data or shown cell changed. `caption` names the row, `sum` belongs to it; neither is looked at without a shown cell.
    void showRow(const QString& caption, std::optional<double> sum);
    void setNote(const QString& note);
    void setShow(Show show);
    Show shows() const { return m_show; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void arrangeBeside(int margin, int whole, int high);
    void align();

    Map* m_map;
    LineView* m_lines;
    RowProfile* m_profile;
    ColorScaleBar* m_scale;
    ThemedLabel* m_note;
    DetailBar* m_detail;
    Show m_show = Show::map;
    bool m_beside = false;  ///< the row at the right of its map
};

}  // namespace lab
