# Ends what a launcher has started when the launcher is gone, however it went: its end of this pipe closes then.
groups=' '
while read -r what group; do
    case $what$groups in
        add*) groups="$groups$group " ;;
        *" $group "*) groups="${groups%% "$group" *} ${groups#* "$group" }" ;;
    esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
rm -rf -- "$1"
