#pragma once

#include <QWidget>
#include <map>

#include "ui/window/part_table.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QScrollArea;
class QVBoxLayout;

namespace lab {

class HandsBox;
class MainWindow;
class PartHiding;
class SegmentedControl;
class ThemedLabel;
class WindowSettings;

/// The teacher's view beside the page: which parts of the window are shown, sets of them, and the hands of the audience.
class PartsPanel : public QWidget {
    Q_OBJECT

public:
    /// Takes the hands.
    PartsPanel(MainWindow& window, PartHiding& hiding, WindowSettings& settings, HandsBox* hands);

    /// The set that hides what is hidden now, as a person knows it; empty when there is none.
    QString nameOfSet() const;

signals:
    void closeWanted();
    /// What is hidden, or the name of that.
    void setChanged();

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void applyMeasures();
    QWidget* makeHeader();
    QWidget* makeSets();
    QWidget* makeGroup(PartGroup group);
    QWidget* makeFooter();
    void chooseSet(int index);
    void take(const QString& part, bool shown);
    void askName();
    void saveSet();
    void removeSet();
    void refresh();
    QString titleOf(const PartRow& row) const;

    MainWindow& m_window;
    PartHiding& m_hiding;
    WindowSettings& m_settings;
    SegmentedControl* m_sets;
    QWidget *m_ownRow, *m_nameRow;
    QComboBox* m_own;
    QLineEdit* m_name;
    QScrollArea* m_area;
    bool m_ownChosen = false;               ///< of sets that hide the same, the person's own is meant
    std::map<QString, QCheckBox*> m_boxes;  ///< by the part's name
    std::map<PartGroup, ThemedLabel*> m_howMany;
};

}  // namespace lab
