#pragma once

#include <QWidget>
#include <optional>

#include "ui/widgets/map/map.h"
#include "ui/widgets/theme.h"

namespace lab {

class OverlayPicture;

/// One run's map, or what it gives to the patches of a picture: above it line and name of the run and the value of the cell or patch in
/// hand, below it muted what is seen.
class MapCard : public QWidget {
    Q_OBJECT

public:
    explicit MapCard(QWidget* parent = nullptr);

    Map& map() const { return *m_map; }
    OverlayPicture& picture() const { return *m_picture; }
    /// The picture in place of the map.
    void setPictured(bool pictured);
    /// Without a role there is no line sample.
    void setTitle(const QString& title, std::optional<Role> role);
    void setValue(const QString& value);
    void setCaption(const QString& caption);
    QString caption() const { return m_caption; }
    QString value() const { return m_value; }
    /// Instead of map or picture: why there is none.
    void setProblem(const QString& sentence);
    /// Px above and below the map or picture.
    static int wordsHeight();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void arrange();
    void showOne();

    Map* m_map;
    OverlayPicture* m_picture;
    bool m_pictured = false;
    QString m_title, m_caption, m_value, m_problem;
    std::optional<Role> m_role;
};

/// The cell in hand in all runs, how alike their maps are, and which heads do the same work.
class CellTable : public QWidget {
    Q_OBJECT

public:
    struct Line {
        std::optional<Role> role;
        QString text, value;
        bool heading = false;
        QString help{};
        bool operator==(const Line&) const = default;
    };

    explicit CellTable(QWidget* parent = nullptr);
    void setLines(std::vector<Line> lines);
    const std::vector<Line>& lines() const { return m_lines; }

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    std::vector<Line> m_lines;
};

}  // namespace lab
