#pragma once

#include <QWidget>
#include <vector>

#include "ui/widgets/map_data.h"

namespace lab {

class HoverCard;

/// A cell of a map; row = query, column = key, from 0.
struct MapCell {
    int row = -1;
    int column = -1;

    bool valid() const { return row >= 0 && column >= 0; }
    bool operator==(const MapCell&) const = default;
};

/// Measures of a heatmap in device-independent px: where the cells lie and how labels are set.
struct MapLayout {
    double cell = 0.0;         ///< side of a cell (snappedCell)
    QRectF map;                ///< all cells
    double left = 0.0;         ///< of the row caption
    double indexRight = 0.0;   ///< right edge of the row indices
    double tokenRight = 0.0;   ///< right edge of the row tokens
    double indexBottom = 0.0;  ///< of the column indices
    double tokenBottom = 0.0;  ///< of the column tokens
    int rowStep = 1;           ///< every how many rows carry a label
    int columnStep = 1;
    bool uprightColumns = true;  ///< false: long column tokens are turned
};

/// One head's map with tokens, indices, hover, selection and keyboard (LOOK.md 4): arrows move the selection, Home and End go along the
/// row, Enter or a double click activates.
class Heatmap : public QWidget {
    Q_OBJECT

public:
    explicit Heatmap(QWidget* parent = nullptr);
    ~Heatmap() override;

    void setData(const MapData& data, const ColorScaling& scaling = {});
    const MapData& data() const { return m_picture.data(); }
    /// As many as rows and columns; shown in ink beside the muted indices.
    void setTokens(const std::vector<QString>& rows, const std::vector<QString>& columns);
    void setCaptions(const QString& rows, const QString& columns);
    /// What the map is, for screen readers: "weights of layer 0, head 1".
    void setSubject(const QString& subject);
    /// Stands before a value: "a" for a = 0.6133.
    void setSymbol(const QString& symbol);
    /// Without a signal.
    void setSelection(MapCell cell);

    MapCell selection() const { return m_selection; }
    MapCell hoveredCell() const { return m_hover; }
    /// The cell that frames, profile and story speak of: under the mouse, else selected.
    MapCell shownCell() const { return m_hover.valid() ? m_hover : m_selection; }

    QRectF mapRect() const { return m_layout.map; }
    double cellSize() const { return m_layout.cell; }
    QRectF cellRect(MapCell cell) const;
    MapCell cellAt(const QPointF& position) const;
    /// "query 5 “9” → key 10 “5”".
    QString describe(MapCell cell) const;

    /// What the map needs at most at this width: cells stay square.
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void hovered(int row, int column);  ///< -1, -1 when the mouse leaves the cells
    void selected(int row, int column);
    void activated(int row, int column);
    void layoutChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void arrange();
    void setHover(MapCell cell);
    void choose(MapCell cell);
    void announce();
    QString token(const std::vector<QString>& tokens, int index) const;

    MapPicture m_picture;
    std::vector<QString> m_rowTokens;
    std::vector<QString> m_columnTokens;
    QString m_rowCaption;
    QString m_columnCaption;
    QString m_subject;
    QString m_symbol;
    MapCell m_hover;
    MapCell m_selection;
    MapLayout m_layout;
    HoverCard* m_card;
};

}  // namespace lab
