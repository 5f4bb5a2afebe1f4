#pragma once

#include <QWidget>
#include <vector>

class QVBoxLayout;

namespace lab {

class RailButton;

/// The pages at the window's left edge: icon and name, one is on.
class PageRail : public QWidget {
    Q_OBJECT

public:
    explicit PageRail(QWidget* parent = nullptr);

    /// Answers with its button.
    QWidget* addPage(const QString& title, const QString& iconName, const QString& key);
    void setCurrent(int index);  ///< -1: none is shown
    int current() const { return m_current; }
    /// Whether its button is there: a page can be taken away (ui/widgets/taken.h).
    bool offers(int index) const;
    /// The page itself, else the first that is there.
    int offered(int index) const;

signals:
    void chosen(int index);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void applyMeasures();

    QVBoxLayout* m_layout;
    std::vector<RailButton*> m_buttons;
    int m_current = -1;
};

}  // namespace lab
