# Ends what a launcher has started when the launcher is gone, however it went: its end of this pipe closes then.
groups=' ' bounds=$2
while read -r what group; do
    case $what$groups in
        add*) groups="$groups$group " ;;
        *" $group "*) groups="${groups%% "$group" *} ${groups#* "$group" }" ;;
    esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
# What has left its group still has its container's mark in its environment. Where no group is left, nothing is. What is
# just becoming another program has no environment for a moment: so nothing is left when none is found twice.
set -- "$1" $groups
before=yes
[ $# = 1 ] || for round in 1 2 3 4 5 6; do
    left=
    for environ in /proc/[0-9]*/environ; do
        tr '\0' '\n' <"$environ" 2>/dev/null | grep -q "^TAGPROOF_CONTAINER=$1/" || continue
        pid=${environ#/proc/} left=yes
        kill -s KILL "${pid%/environ}" 2>/dev/null
    done
    [ "$left$before" ] || break
    before=$left
done 2>/dev/null
# A control group goes when its processes have gone.
[ ! "$bounds" ] || for group in "$bounds"*; do
    for round in 1 2 3 4 5 6 7 8 9 10; do
        ! rmdir -- "$group" || break
        kill -s KILL $(cat "$group/cgroup.procs")
    done
done 2>/dev/null
rm -rf -- "$1"
